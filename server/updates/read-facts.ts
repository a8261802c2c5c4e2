/** What the hub knows of the agents of its devices at this moment, by what they report and by who is connected. */
import type { Hub } from '../hub.ts';
import type { DeviceFacts } from './advance.ts';
import { byHandReason } from './to-device-update.ts';

/** Where connections cannot be counted, who reported this lately is there. */
const LATELY_MS = 75_000;

export class Steadiness {
  readonly #since = new Map<string, { start: string; atMs: number }>();

  /** For how long this start has been seen, by the clock of the hub; a break begins anew. */
  of(device: string, start: string | undefined): number {
    const known = this.#since.get(device);
    if (start === undefined) this.#since.delete(device);
    else if (known?.start !== start) this.#since.set(device, { start, atMs: performance.now() });
    else return performance.now() - known.atMs;
    return 0;
  }
}

/** undefined: it is not on the wall. */
export function readFacts(
  { fleet, presence, identity }: Pick<Hub, 'fleet' | 'presence' | 'identity'>,
  steadiness: Steadiness,
): (device: string) => DeviceFacts | undefined {
  return (device) => {
    if (!fleet.devices.entries.has(device)) return undefined;
    const status = fleet.statuses.entries.get(device);
    const agent = status?.value.agent;
    const connected = presence.of(device)?.connected;
    const online = connected ?? (status !== undefined && Date.now() - status.storedAt.getTime() < LATELY_MS);
    const view = identity.ledger.viewOf(device);
    return {
      online,
      mayUpdate: view?.standing === 'active' && byHandReason({ device, agent, hasChain: true }) === undefined,
      version: agent?.version,
      update: agent?.update,
      steadyMs: steadiness.of(device, online && agent ? `${agent.startedAt} ${agent.version}` : undefined),
    };
  };
}
