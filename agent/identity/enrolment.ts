/** Joins a fleet by a one-time token: asks until it knows, and says the same again after a power cut at any point in between. */
import { readBody } from '#roadchain/chain.ts';
import { parseJoinToken } from '#roadchain/join-token.ts';
import { EnrolAnswer } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { matchWords } from '#roadchain/proofs.ts';
import { AnswerFalse, beginJoining, finishJoining } from './chain-steps.ts';
import { askHub, type HubAnswer, HubUnreachable } from './hub-client.ts';
import type { IdentityState } from './identity-state.ts';
import type { IdentityStore, Loaded } from './identity-store.ts';

export interface EnrolmentOptions {
  store: IdentityStore;
  token: string;
  device: string;
  /** Another name than `device` may be taken where the hub asks for it. */
  mayRename: boolean;
  /** Instead of the address in the token. */
  hubUrl?: string | undefined;
  facts: Record<string, string>;
  mark(point: string): void;
}

export type EnrolmentOutcome =
  | { kind: 'enrolled'; state: IdentityState }
  /** Somebody compares the words on the wall with these and says yes. */
  | { kind: 'waiting'; words: string }
  /** Asking again is of no use. */
  | { kind: 'refused'; message: string };

/** The name is taken, then the chain goes on somewhere: more turns than these are not honest. */
const MAX_TURNS = 4;

/** Asks once. @throws HubUnreachable, AnswerFalse */
export async function enrol(options: EnrolmentOptions, known: Loaded): Promise<EnrolmentOutcome> {
  const parsed = parseJoinToken(options.token);
  if (!parsed) return refuse('This is no join token. Copy it whole from Add a device on the wall.');
  const { token, secret } = parsed;
  let state: IdentityState = known.kind === 'known' ? known.state : { v: 1, timeFloorMs: 0 };
  if (state.chain?.tid === token.tid) return { kind: 'enrolled', state };
  const member = {
    fleet: token.fleet,
    anchor: token.anchor,
    hub: { url: options.hubUrl ?? token.url, ...(token.pin ? { pin: token.pin } : {}) },
    tid: token.tid,
  };
  let joining = state.joining?.tid === token.tid ? state.joining : undefined;
  let wish: { device: string; after?: { head: string; epoch: number } | undefined } = {
    device: token.name ?? options.device,
    after: token.after,
  };
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    if (wish.device !== options.device && !options.mayRename) return refuse(otherName(options.device, wish.device));
    if (!joining) {
      joining = beginJoining({ ...member, ...wish, secret });
      state = { ...state, joining };
      options.mark('enrol:before-pending');
      await options.store.replace(state);
      options.mark('enrol:pending');
    }
    const { tid, body, sigNew, mac } = joining;
    const reply = await askHub(joining.hub, '/rc/enrol', { tid, body, sigNew, mac, facts: options.facts });
    options.mark('enrol:answered');
    const answer = EnrolAnswer.safeParse(reply.body).data;
    if (!answer) {
      if (reply.status >= 500 || reply.status === 429) throw new HubUnreachable(refusalOf(reply));
      return refuse(refusalOf(reply));
    }
    if (answer.state === 'waiting') return { kind: 'waiting', words: matchWords(nodeCrypto, body) };
    if (answer.state === 'enrolled') {
      const finished = finishJoining(state, answer);
      // Both copies, so that nothing of what it was before stays behind.
      await options.store.replace(finished);
      options.mark('enrol:kept');
      return { kind: 'enrolled', state: finished };
    }
    const asked = readBody(joining);
    if (answer.device === asked.dev && answer.after?.head === (asked.prev || undefined)) break;
    wish = { device: answer.device, after: answer.after };
    joining = undefined;
  }
  throw new AnswerFalse('The hub asks this device for one first word after another. Ask for a new token.');
}

const refuse = (message: string): EnrolmentOutcome => ({ kind: 'refused', message });

/** Four words that stand here and on the wall while somebody has to say yes. */
export const wordsOf = ({ joining }: IdentityState): string | undefined => joining && matchWords(nodeCrypto, joining.body);

const otherName = (mine: string, offered: string) =>
  `The hub wants to call this device ${offered}, and its config says ${mine}. Nothing has changed. Set device_id = "${offered}", or ask for a token with another name.`;

function refusalOf({ status, body }: HubAnswer): string {
  const { title, detail, message } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const words = [title, detail, message].filter((part) => typeof part === 'string').join(' ');
  return words || `The hub answers ${status} to the join token. Ask for a new one.`;
}
