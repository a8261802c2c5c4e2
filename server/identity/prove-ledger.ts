/** What a browser needs to check the history of a device by itself: a checkpoint, and how it contains each entry and the one before. */

import type * as z from 'zod';
import type { LedgerProof } from '#contracts/api-identity.ts';
import { ProblemError } from '#contracts/problem.ts';
import { toBase64url } from '#roadchain/bytes.ts';
import { type AuditHead, type SignedCheckpoint, signCheckpoint } from '#roadchain/checkpoint.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { reachDevice } from '../auth/reach.ts';
import type { Context, Hub } from '../hub.ts';

const MOST_ENTRIES = 256;

export async function proveLedger({
  ctx,
  input: { from, device },
}: {
  ctx: Context;
  input: { from: number; device?: string | undefined };
}): Promise<z.infer<typeof LedgerProof>> {
  const { hub } = ctx;
  const { ledger } = hub.identity;
  if (device !== undefined) await reachDevice(ctx, device, 'see');
  await ledger.whenRead;
  const entries = device === undefined ? [] : (await ledger.entriesOf(device)).slice(-MOST_ENTRIES);
  const { tree } = ledger;
  const { size } = tree;
  if (from > size)
    throw new ProblemError(
      'conflict',
      `The ledger has ${size} entries, and you saw ${from} before: it is not the one you know.`,
      'Devices keep running. Somebody lost or took away entries: do not trust what this hub says of identities until that is explained.',
    );
  return {
    checkpoint: checkpointOf(hub, size),
    consistency: tree.consistency(from, size).map(toBase64url),
    inclusion: entries
      .filter(({ seq }) => seq < size)
      .map(({ seq }) => ({ seq, proof: tree.inclusion(seq, size).map(toBase64url) })),
  };
}

export function checkpointOf(
  { identity: { anchor, ledger } }: Pick<Hub, 'identity'>,
  size: number,
  audit?: AuditHead,
): SignedCheckpoint {
  return signCheckpoint(nodeCrypto, anchor.seed, {
    fleet: anchor.fleet,
    size,
    root: ledger.tree.root(size),
    at: new Date().toISOString(),
    audit,
  });
}
