/** Puts together what is known of a device at one moment. Pure. */
import type { Sighting } from '#contracts/health.ts';
import type { Presence } from '#contracts/presence.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import type { Entry } from '../kv/bucket.ts';

export function sightingOf(
  status: Pick<Entry<DeviceStatus>, 'value' | 'storedAt'> | undefined,
  presence: Presence | undefined,
  presenceKnown: boolean,
): Sighting {
  return {
    status: status?.value,
    receivedAtMs: status?.storedAt.getTime(),
    connected: presenceKnown ? (presence?.connected ?? false) : 'unknown',
    connectionChangedAtMs: presence ? Date.parse(presence.at) : undefined,
  };
}
