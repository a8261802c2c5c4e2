/** What a device says to the anchor when it comes: first what it has begun, then who it is. */
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signProof } from '#roadchain/proofs.ts';
import { AnchorRefused, type Answered } from './anchor-line.ts';
import { AnswerFalse, chainOf, signingSeedOf, withJwt, withNewSeal } from './chain-steps.ts';
import type { IdentityState } from './identity-state.ts';
import { type RotateOrder, type RotationTools, settlePending } from './rotation.ts';

export interface Introduced {
  state: IdentityState;
  /** Nonce of the first tick. */
  an: string;
  rotate?: RotateOrder | undefined;
  /** Clock of the anchor. */
  anchorAtMs: number;
  /** The key is another than before. */
  rotated: boolean;
}

/** @throws AnchorRefused, HubUnreachable, AnswerFalse */
export async function introduce(from: IdentityState, session: string, tools: RotationTools): Promise<Introduced> {
  const begun = await finishBegun(from, tools);
  const { state, an, at } = await takeChallenge(begun.state, tools);
  const chain = chainOf(state);
  const sig = signProof(nodeCrypto, signingSeedOf(chain), 'prove', { head: chain.head, an, session });
  const proved = await tools.ask({ op: 'prove', head: chain.head, an, session, sig }, 'proved');
  const known = withJwt(state, proved.jwt);
  // The head is the one of this device, so that what the hub finds false was never added and can be forgotten.
  if (begun.isFalse) delete known.pending;
  await tools.store.write(known);
  return { state: known, an: proved.an, rotate: proved.rotate, anchorAtMs: Date.parse(at), rotated: begun.rotated };
}

/** A rotation that was cut short. An older key is never shown before the hub has said what became of the next one. */
async function finishBegun(from: IdentityState, tools: RotationTools) {
  let state = from;
  for (let turn = 0; state.pending; turn++) {
    try {
      return { state: await settlePending(state, tools), rotated: true, isFalse: false };
    } catch (error) {
      if (!(error instanceof AnchorRefused)) throw error;
      const { code } = error;
      if (code === 'busy') throw error;
      // The hub has lost our head: what it sealed heals it, and then it knows what follows.
      if (code === 'unknown' && turn === 0) ({ state } = await takeChallenge(state, tools));
      else return { state, rotated: false, isFalse: code === 'bad-proof' || code === 'malformed' };
    }
  }
  return { state, rotated: false, isFalse: false };
}

async function takeChallenge(from: IdentityState, { ask, store }: RotationTools) {
  let state = from;
  for (let turn = 0; turn < 2; turn++) {
    const { epoch, head, links } = chainOf(state);
    const answer: Answered<'challenge' | 'committed'> = await ask(
      { op: 'hello', epoch, head, receipts: links },
      'challenge',
      'committed',
    );
    if (answer.op === 'challenge') return { state, an: answer.an, at: answer.at };
    state = withNewSeal(state, answer.link);
    await store.replace(state);
  }
  throw new AnswerFalse('The hub seals the newest link of this device again and again. It keeps the key it has.');
}
