/** A question of a device about its identity, however it came: read at the door, bounded, answered. */

import { isName } from '#contracts/name.ts';
import type { UpAnswer } from '#roadchain/messages.ts';
import { UpRequest } from '#roadchain/messages.ts';
import type { Hub } from '../hub.ts';
import { REFUSAL_WORDS } from './refusal-words.ts';

const BUSY_RETRY_MS = 2_000;
/** Sixteen receipts and something around them. */
const MOST_BYTES = 128 * 1024;

const refused = (code: 'busy' | 'malformed' | 'unknown', more: { retryMs?: number } = {}): UpAnswer => ({
  op: 'refused',
  code,
  message: REFUSAL_WORDS[code],
  ...more,
});

/** `limit`: of questions that came this way, so that those whose sender NATS knows never wait for strangers who know a name. */
export async function ask(hub: Hub, device: string, request: unknown, limit = hub.identity.strangerLimit): Promise<UpAnswer> {
  const { leaving } = hub.identity;
  const parsed = UpRequest.safeParse(request);
  if (!isName(device) || !parsed.success) return refused('malformed');
  if (leaving.has(device) || !limit.take(device)) return refused('busy', { retryMs: BUSY_RETRY_MS });
  try {
    return await hub.desk.answer(device, parsed.data);
  } catch (error) {
    hub.log.warn({ err: error, device, op: parsed.data.op }, 'a device could not be answered about its identity');
    return refused('busy', { retryMs: BUSY_RETRY_MS });
  }
}

/** As it comes over NATS. */
export async function askInBytes(hub: Hub, device: string, bytes: Uint8Array): Promise<UpAnswer> {
  if (bytes.length > MOST_BYTES) return refused('malformed');
  try {
    return await ask(hub, device, JSON.parse(Buffer.from(bytes).toString()), hub.identity.deviceLimit);
  } catch {
    return refused('malformed');
  }
}
