/** A key of `desired-state` as it lies in the bucket. */
import { BUCKET, CONTROLLER_NAME, HEADER, parseDesiredKey } from '#contracts/buckets.ts';
import { isName } from '#contracts/name.ts';
import type { StoredMessage } from '../kv/follow-stream.ts';
import type { DesiredKey } from './plan-desired.ts';

const PREFIX = `$KV.${BUCKET.desiredState}.`;

/** undefined: no agent would ever look there. */
export function toDesiredKey(message: StoredMessage): DesiredKey | undefined {
  const parts = parseDesiredKey(message.subject.slice(PREFIX.length));
  if (!parts || !isName(parts.device) || !isName(parts.deployment)) return undefined;
  return {
    ...parts,
    ours: message.header(HEADER.controller) === CONTROLLER_NAME,
    text: message.text(),
    revision: message.revision,
  };
}
