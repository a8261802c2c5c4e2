/** What happened on devices lately, from the stream EVENTS. */
import { STREAM } from '#contracts/buckets.ts';
import { DeviceEvent } from '#contracts/event.ts';
import { subjects } from '#contracts/subjects.ts';
import { reachDevice } from '../auth/reach.ts';
import type { Context } from '../hub.ts';
import { readStream, type StoredMessage } from '../kv/follow-stream.ts';

const MOST_EVENTS = 200;

/** Of one device, oldest first. */
export async function listEvents({ ctx, input: { name } }: { ctx: Context; input: { name: string } }): Promise<DeviceEvent[]> {
  await reachDevice(ctx, name, 'see');
  const messages = await readStream(ctx.hub.store, STREAM.events, { filter: subjects.event(name), include: 'all' });
  return messages.slice(-MOST_EVENTS).flatMap(toEvent);
}

/** A device writes here itself: it may speak for itself only, and what cannot be read is left out. */
export function toEvent(message: StoredMessage): DeviceEvent[] {
  try {
    const event = DeviceEvent.safeParse(JSON.parse(message.text()));
    return event.success && message.subject === subjects.event(event.data.device) ? [event.data] : [];
  } catch {
    return [];
  }
}
