/** The anchor's decision on a device that enrols with a join token, as a pure function. */

import { fromBase64url } from './bytes.ts';
import { parse } from './canonical.ts';
import { checkProposed, linkHash } from './chain.ts';
import type { ChainCrypto } from './crypto.ts';
import type { Alarm, Refusal } from './decide.ts';
import { type DeviceView, type Draft, headPoint } from './device-view.ts';
import { type Link, LinkBody, type ProposedLink } from './link.ts';
import type { EnrolRequest } from './messages.ts';
import { checkEnrolMac, matchWords } from './proofs.ts';

/** What the hub keeps of a join token. */
export interface TokenRecord {
  tid: string;
  /** `tokenKey` of its secret, base64url. */
  key: string;
  expMs: number;
  /** The name the device must have. */
  name?: string;
  /** Set for a device that is taken back. */
  after?: { head: string; epoch: number };
  /** Somebody must say yes first; the second body with one token asks for it too. */
  approval: 'not-needed' | 'needed' | 'given';
  /** The one link this token is good for, once it came. */
  bound?: { dev: string; hash: string };
  /** It was used for another link too, and that was said: who goes on trying must not be able to undo what a person decided since. */
  accused?: boolean;
}
export interface EnrolDecision {
  answer:
    | { kind: 'enrolled'; link?: Link }
    | { kind: 'waiting'; words: string }
    | { kind: 'refused'; code: Refusal; why: EnrolFlaw };
  token: TokenRecord | undefined;
  /** For the device the token is bound to. */
  append: readonly Draft[];
  alarms: readonly Alarm[];
}
export type EnrolFlaw =
  | 'no-token'
  | 'mac'
  | 'malformed'
  | 'fleet'
  | 'name'
  | 'taken'
  | 'expired'
  | 'used'
  | 'link'
  | 'not-waiting';

export function decideEnrolment(
  { crypto, fleet, nowMs }: { crypto: ChainCrypto; fleet: string; nowMs: number },
  token: TokenRecord | undefined,
  /** The device of a name, if the ledger has it. */
  deviceOf: (dev: string) => DeviceView | undefined,
  request: EnrolRequest,
): EnrolDecision {
  const refused = (why: EnrolFlaw, code: Refusal = 'token'): EnrolDecision => ({
    ...{ answer: { kind: 'refused', code, why }, token, append: [], alarms: [] },
  });
  if (!token) return refused('no-token');
  // Before anything that changes something: a stranger must not be able to use up or freeze a token.
  if (!checkEnrolMac(crypto, fromBase64url(token.key), request.body, request.mac)) return refused('mac');
  const body = parse(LinkBody, request.body);
  if (!body || body.req !== token.tid) return refused('malformed', 'malformed');
  if (body.fleet !== fleet) return refused('fleet');
  if (token.name !== undefined && body.dev !== token.name) return refused('name');

  const proposal: ProposedLink = { body: request.body, sigOld: '', sigNew: request.sigNew };
  const hash = linkHash(crypto, proposal);
  if (token.bound && token.bound.hash !== hash) {
    const view = deviceOf(token.bound.dev);
    if (token.accused) return refused('used');
    const why = 'Its join token was used a second time, for another key: one of the two devices is not the one that was meant.';
    return {
      ...refused('used'),
      token: { ...token, approval: 'needed', accused: true },
      append: view?.standing === 'active' ? [{ kind: 'verdict', status: 'contested', why }] : [],
      alarms: [{ kind: 'token-reuse', epoch: 0, noted: view !== undefined && view.standing !== 'active' }],
    };
  }
  const view = deviceOf(body.dev);
  const known = view?.chain.find((link) => link.hash === hash);
  if (view && known) {
    if (known !== headPoint(view)) return refused('used');
    // The power went between the link and the word that takes the device back: only the word is missing.
    const back = token.after && view.standing === 'kept-out' ? [takenBack(token.after.epoch)] : [];
    return { answer: { kind: 'enrolled', link: view.headLink }, token, append: back, alarms: [] };
  }
  if (nowMs > token.expMs) return refused('expired');
  if (!token.after && view) return refused('taken');
  if (token.after && (!view || view.standing === 'active' || headPoint(view).head !== token.after.head))
    return refused('not-waiting');
  const checked = checkProposed(crypto, view && headPoint(view), proposal, {
    fleet,
    dev: body.dev,
    readmit: token.after !== undefined,
  });
  if (!checked.ok) return refused('link', 'bad-proof');

  const bound: TokenRecord = { ...token, bound: { dev: body.dev, hash } };
  if (token.approval === 'needed') {
    return { answer: { kind: 'waiting', words: matchWords(crypto, request.body) }, token: bound, append: [], alarms: [] };
  }
  const append: Draft[] = [{ kind: 'link', proposal }];
  if (token.after) append.push(takenBack(token.after.epoch));
  return { answer: { kind: 'enrolled' }, token: bound, append, alarms: [] };
}

/** After the link, never before it: between the two the old key must not count again. */
const takenBack = (lastEpoch: number): Draft => ({
  ...{ kind: 'verdict', status: 'readmitted', why: 'Taken back with a new join token.', voidEpochs: [0, lastEpoch] },
});
