/** `scorewall doctor`: looks at this machine, the hub and each device, and says what to do. */
import path from 'node:path';
import type { Context } from '../context.ts';
import { examineDevices } from '../doctor/devices.ts';
import { type Finding, trouble } from '../doctor/finding.ts';
import { examineHub } from '../doctor/hub.ts';
import { examineMachine } from '../doctor/machine.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import { Hub } from '../hub/client.ts';
import { type Connection, findConnection } from '../hub/connection.ts';
import { width } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';

const MARKS = { ok: ['✓', 'green'], warning: ['▲', 'yellow'], trouble: ['■', 'red'] } as const;

/** Trouble that is found is an answer, not an error of the command: it is told, and the exit code carries it to scripts. */
export async function doctor({ terminal }: Pick<Context, 'terminal'>, home: string | undefined): Promise<ExitCode> {
  const connection = connect(home);
  const known = connection instanceof CliError ? undefined : connection;
  const machine = await examineMachine(known?.runFile ? path.dirname(known.source) : '.', known?.runFile);
  const hub = known
    ? await examineHub(new Hub(known))
    : { findings: [trouble('Hub', (connection as CliError).message, (connection as CliError).detail)] };
  const devices = hub.wall ? examineDevices(hub.wall) : [];
  show(terminal, 'This machine', machine);
  show(terminal, 'The hub', hub.findings);
  if (hub.wall) show(terminal, 'Devices', devices);
  const all = [...machine, ...hub.findings, ...devices];
  const troubles = all.filter((one) => one.verdict === 'trouble').length;
  if (troubles > 0) {
    terminal.out(`\n${terminal.paint('bold', troubles === 1 ? '1 thing needs you.' : `${troubles} things need you.`)}`);
    return EXIT.failed;
  }
  const warnings = all.filter((one) => one.verdict === 'warning').length;
  const notes = warnings === 1 ? '1 thing is' : `${warnings} things are`;
  terminal.out(warnings > 0 ? `\nNothing is broken. ${notes} worth a look, marked ▲.` : '\nAll is well.');
  return EXIT.ok;
}

function connect(home: string | undefined): Connection | CliError {
  try {
    return findConnection(process.env, process.cwd(), home);
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
}

function show({ out, paint }: Terminal, title: string, findings: readonly Finding[]): void {
  const column = Math.max(0, ...findings.map((one) => width(one.subject)));
  out(`${title === 'This machine' ? '' : '\n'}${paint('bold', title)}`);
  if (findings.length === 0) out('  none yet. Add one with: npx scorewall device add NAME');
  for (const { verdict, subject, fact, advice } of findings) {
    const [mark, colour] = MARKS[verdict];
    out(`${paint(colour, mark)} ${subject.padEnd(column)}   ${fact}`);
    if (advice) out(`  ${' '.repeat(column)}   ${paint('grey', '→')} ${advice}`);
  }
}
