/** Looks at the hub: does it live, is it ready, does it know this token, do its clock and ours agree. */
import type { WallSnapshot } from '#contracts/api.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { CliError, EXIT } from '../exit-code.ts';
import type { Hub } from '../hub/client.ts';
import { type Finding, ok, trouble, warning } from './finding.ts';

const CLOCK_TOLERANCE_MS = 5000;

export async function examineHub(hub: Hub): Promise<{ findings: Finding[]; wall?: WallSnapshot }> {
  const { url } = hub.connection;
  try {
    const { alive, readiness } = await hub.health();
    const findings = [
      alive
        ? ok('Hub', `answers at ${url}`)
        : trouble(
            'Hub',
            `answers at ${url}, but not that it is well`,
            'Look at HOME/run/anchor.log, then start it again: npx scorewall up.',
          ),
      ...(readiness?.checks ?? []).map((check) =>
        check.ok
          ? ok(check.name, check.detail)
          : trouble(
              check.name,
              check.detail,
              'Devices keep running what they run. Wait a moment; if it stays, look at the logs in HOME/run.',
            ),
      ),
    ];
    findings.push(examineVersions((await hub.session()).version, packageJson.version));
    const askedAt = Date.now();
    const wall = await hub.wall();
    findings.push(examineClocks(Date.parse(wall.takenAt) - (askedAt + Date.now()) / 2));
    if (!wall.presenceKnown)
      findings.push(
        warning(
          'Presence',
          'the hub cannot see connections come and go',
          'It notices a lost device after 90 s instead of 5 s. Give it SYS credentials: SCOREWALL_NATS_SYS_CREDS.',
        ),
      );
    return { findings, wall };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const advice =
      error.exitCode === EXIT.unreachable ? 'Devices keep running what they run. Start it with: npx scorewall up.' : error.detail;
    return { findings: [trouble('Hub', error.message, advice)] };
  }
}

export function examineVersions(ofHub: string, ofCommand: string): Finding {
  if (ofHub === ofCommand) return ok('Version', ofHub);
  return warning(
    'Version',
    `the hub is ${ofHub}, this command ${ofCommand}`,
    'Most things still work. Bring both to the same version.',
  );
}

export function examineClocks(differenceMs: number): Finding {
  if (Math.abs(differenceMs) <= CLOCK_TOLERANCE_MS) return ok('Clocks', "this machine's and the hub's agree");
  const seconds = Math.round(Math.abs(differenceMs) / 1000);
  return warning(
    'Clocks',
    `the hub's is ${seconds} s ${differenceMs > 0 ? 'ahead of' : 'behind'} this machine's`,
    'Ages on the wall are off by that much. Let both use NTP.',
  );
}
