/** Says in the stream of events what happened to the identity of a device, where the wall shows it. */
import type { DeviceEvent } from '#contracts/event.ts';
import { subjects } from '#contracts/subjects.ts';
import type { Hub } from '../hub.ts';

export function tell(
  { store }: Pick<Hub, 'store'>,
  device: string,
  kind: Extract<
    DeviceEvent['kind'],
    | 'enrolled'
    | 'identity-rotated'
    | 'identity-alarm'
    | 'contested'
    | 'contest-cleared'
    | 'kept-out'
    | 'taken-back'
    | 'agent-updated'
    | 'agent-returned'
  >,
  message: string,
): void {
  const event: DeviceEvent = { device, at: new Date().toISOString(), kind, message };
  // The stream acknowledges nothing; an event that is lost changes nothing.
  store.nc.publish(subjects.event(device), JSON.stringify(event));
}
