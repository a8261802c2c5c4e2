/**
 * From one key of the device to the next. What will be said is on the disk before it is said, and looked at once more before the
 * point of no return, so that a power cut or a card that loses a write never leaves the device without the key the hub expects.
 */
import type { Cause } from '#roadchain/link.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signProof } from '#roadchain/proofs.ts';
import type { Ask } from './anchor-line.ts';
import { AnswerFalse, commitPending, proposeNext, signingSeedOf } from './chain-steps.ts';
import type { IdentityState } from './identity-state.ts';
import type { IdentityStore } from './identity-store.ts';

export interface RotationTools {
  ask: Ask;
  store: IdentityStore;
  mark(point: string): void;
  /** Rejects where the agent ends meanwhile. */
  wait(ms: number): Promise<void>;
}

export interface RotateOrder {
  req: string;
  an: string;
  cause: Cause;
}

const LONGEST_SETTLE_MS = 60_000;

/** A first proposal, on the disk. */
export async function propose(state: IdentityState, order: RotateOrder, { store, mark }: RotationTools): Promise<IdentityState> {
  mark('rotate:ordered');
  const next = { ...state, pending: proposeNext(state, order) };
  await store.write(next);
  mark('rotate:pending');
  return next;
}

/** The proposal on the disk becomes the key of the device. @throws AnchorRefused, HubUnreachable, AnswerFalse */
export async function settlePending(state: IdentityState, { ask, store, mark, wait }: RotationTools): Promise<IdentityState> {
  const { pending } = state;
  if (!pending) throw new AnswerFalse('Nothing is proposed.');
  const { body, sigOld, sigNew, link } = pending;
  const prepared = await ask({ op: 'prepare', body, sigOld, sigNew }, 'prepared', 'committed');
  mark('rotate:prepared');
  const committed = prepared.op === 'committed' ? prepared : await commit(prepared);
  mark('rotate:committed');
  const next = commitPending(state, committed);
  // Both copies: with the secret of the epoch before, nobody can speak for what was.
  await store.replace(next);
  mark('rotate:kept');
  return next;

  async function commit({ an, link: named, settleMs }: { an: string; link: string; settleMs: number }) {
    if (named !== link) throw new AnswerFalse('The hub speaks of another proposal than the one of this device.');
    await wait(Math.min(settleMs, LONGEST_SETTLE_MS));
    const onDisk = await store.reread();
    if (onDisk?.pending?.link !== link || onDisk.chain?.head !== state.chain?.head)
      throw new LostWrite('The disk did not keep the next key of this device. It stays with the one it has and tries again.');
    mark('rotate:settled');
    const sig = signProof(nodeCrypto, signingSeedOf(pending!), 'commit', { link, an });
    return await ask({ op: 'commit', link, an, sig }, 'committed');
  }
}

/** What was written is not there: the state is to be read from the disk again. */
export class LostWrite extends Error {
  override readonly name = 'LostWrite';
}
