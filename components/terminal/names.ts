/** What terminal sessions are called, and which one is opened first. Pure. */
import type { Deployment } from '#contracts/deployment.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import type { TerminalState, TerminalTarget } from '#contracts/stream/terminal.ts';

export interface ServiceName {
  deployment: string;
  service: string;
}

export function targetName(target: TerminalTarget): string {
  switch (target.kind) {
    case 'host':
      return 'Shell';
    case 'exec':
      return `Shell in ${target.service}`;
    case 'attach':
      return target.service;
  }
}

/** In the order of their making; a number where a name would stand twice. */
export function namedSessions(sessions: readonly TerminalState[]): { state: TerminalState; name: string }[] {
  const sorted = [...sessions].sort((a, b) => a.startedAt.localeCompare(b.startedAt) || a.sid.localeCompare(b.sid));
  const counts = new Map<string, number>();
  return sorted.map((state) => {
    const name = targetName(state.target);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { state, name: count > 1 ? `${name} ${count}` : name };
  });
}

/** The one that was chosen, else one of the service that was asked for, else the newest that runs. */
export function firstSession(
  sessions: readonly TerminalState[],
  chosen: string | undefined,
  wanted: Partial<ServiceName>,
): TerminalState | undefined {
  const newest = [...sessions].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  const isWanted = ({ target }: TerminalState) =>
    target.kind !== 'host' && target.deployment === wanted.deployment && target.service === wanted.service;
  return (
    newest.find(({ sid }) => sid === chosen) ??
    (wanted.service ? newest.find((one) => isWanted(one) && !one.ended) : (newest.find((one) => !one.ended) ?? newest[0]))
  );
}

/** Services a shell can be opened in now; some offer a terminal of their own. */
export const runningServices = (
  status: DeviceStatus | undefined,
  deploymentOf: (name: string) => Deployment | undefined,
): (ServiceName & { ownTerminal: boolean })[] =>
  (status?.deployments ?? []).flatMap(({ name, services }) =>
    services
      .filter(({ state }) => state === 'running')
      .map((service) => ({
        deployment: name,
        service: service.name,
        ownTerminal: hasOwnTerminal(deploymentOf(name), service.name),
      })),
  );

function hasOwnTerminal(deployment: Deployment | undefined, service: string): boolean {
  const score = deployment?.spec.score;
  if (score?.type !== 'PodmanV0') return false;
  return score.data.services.some(({ name, screen }) => name === service && screen?.kind === 'terminal');
}
