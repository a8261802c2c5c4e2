/** Events from the archive and from the live feed as one list, newest first, each once. Pure. */
import type { DeviceEvent } from '#contracts/event.ts';

const MAX_SHOWN = 200;

export function mergeEvents(live: readonly DeviceEvent[], past: readonly DeviceEvent[]): DeviceEvent[] {
  const seen = new Map<string, DeviceEvent>();
  for (const event of [...live, ...past]) seen.set(`${event.at} ${event.kind} ${event.service ?? ''} ${event.message}`, event);
  return [...seen.values()].sort((a, b) => b.at.localeCompare(a.at)).slice(0, MAX_SHOWN);
}
