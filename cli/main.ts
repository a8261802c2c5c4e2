/** The `scorewall` command: reads the arguments, runs one command, and ends with its exit code. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { CliError, EXIT } from './exit-code.ts';
import { processTerminal } from './output/terminal.ts';
import { createProgram } from './program.ts';

// Both `cli/` and `dist/` lie directly below the project.
const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed));

const terminal = processTerminal();
try {
  const program = createProgram({ terminal, projectRoot, version: packageJson.version });
  for (const one of [program, ...program.commands, ...program.commands.flatMap((command) => command.commands)])
    one.exitOverride();
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!(error instanceof CliError)) {
    terminal.err(
      `${error instanceof Error ? error.stack : error}\nThis is a mistake in Scorewall itself. Please report it with the lines above.`,
    );
    return EXIT.failed;
  }
  terminal.err([`${terminal.paint('red', 'error:')} ${error.message}`, error.detail].filter(Boolean).join('\n'));
  return error.exitCode;
}
