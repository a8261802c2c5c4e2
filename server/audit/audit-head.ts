/**
 * Where the record ended, signed with the checkpoint of the ledger: in storage for every anchor, and in a file of the leader that nobody
 * with the storage alone can change. A record that was cut off or written anew at its end while no anchor ran is found by it. Invariant:
 * once the record does not hold what was signed, the signed head stays as it is, so that this is not forgotten with the next line.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type AuditHead, readCheckpoint } from '#roadchain/checkpoint.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import type { Hub } from '../hub.ts';
import { IDENTITY_KEY, StoredCheckpoint } from '../identity/records.ts';

type Parts = Pick<Hub, 'audit' | 'identity'>;

/** What is forged or unreadable says nothing. */
export async function learnAuditHead({ audit, identity }: Parts): Promise<void> {
  const { anchor, buckets, checkpointFile } = identity;
  const stored = (await buckets.checkpoints.get(IDENTITY_KEY.checkpoint))?.value;
  for (const signed of [stored, await readFiled(checkpointFile)]) {
    const checkpoint = signed && readCheckpoint(nodeCrypto, { anchorPk: anchor.publicKey, fleet: anchor.fleet }, signed);
    if (checkpoint?.audit) audit.expect(checkpoint.audit);
  }
}

/** By the leader: the end as it is now. undefined: there is no line yet. */
export async function newAuditHead(hub: Parts): Promise<AuditHead | undefined> {
  await learnAuditHead(hub);
  return hub.audit.nextHead();
}

export async function fileCheckpoint({ identity: { checkpointFile } }: Parts, signed: StoredCheckpoint): Promise<void> {
  await writeFile(`${checkpointFile}.new`, JSON.stringify(signed), { mode: 0o600, flush: true });
  await rename(`${checkpointFile}.new`, checkpointFile);
}

async function readFiled(path: string): Promise<StoredCheckpoint | undefined> {
  try {
    return StoredCheckpoint.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
