import { describe, expect, it } from 'vitest';
import { toBase64url } from './bytes.ts';
import { pointOf, proposeGenesis, sealLink } from './chain.ts';
import { enrolRequest, newDeviceState, takeEnrolled } from './device-state.ts';
import { type DeviceView, type Draft, extendView, sealDraft } from './device-view.ts';
import { decideEnrolment, type EnrolDecision, type TokenRecord } from './enrolment.ts';
import { encodeJoinToken, parseJoinToken } from './join-token.ts';
import { MATCH_WORDS } from './match-words.ts';
import type { EnrolRequest, JoinToken } from './messages.ts';
import { nodeCrypto as crypto } from './node/crypto.ts';
import { anchorPk, anchorSeed, DEV, fleet, nonce, place, START_MS } from './node/test-chain.ts';
import { enrolMac, matchWords, signEnrolled, tokenKey } from './proofs.ts';

const SECRET = nonce();
const TID = '0123456789abcdef';
const token: JoinToken = { url: 'https://hub', fleet, tid: TID, name: DEV, exp: START_MS / 1000 + 3600, anchor: anchorPk };
const record = (changes: Partial<TokenRecord> = {}): TokenRecord => ({
  ...{ tid: TID, key: toBase64url(tokenKey(crypto, SECRET)), expMs: START_MS + 3_600_000, name: DEV, approval: 'not-needed' },
  ...changes,
});
const begin = (changes: Partial<Parameters<typeof newDeviceState>[1]> = {}) =>
  newDeviceState(crypto, { token, dev: DEV, agent: '1', nowMs: START_MS, builtMs: START_MS - 1, ...changes });
const requestOf = (state = begin(), secret = SECRET) => enrolRequest(crypto, state, secret) as EnrolRequest;

/** A hub with one token, that does what was decided. */
class Hub {
  token: TokenRecord | undefined;
  devices = new Map<string, DeviceView>();
  nowMs = START_MS;
  constructor(token: TokenRecord | undefined = record()) {
    this.token = token;
  }
  enrol(request: EnrolRequest): EnrolDecision {
    const decision = decideEnrolment({ crypto, fleet, nowMs: this.nowMs }, this.token, (dev) => this.devices.get(dev), request);
    this.token = decision.token;
    const dev = decision.token?.bound?.dev ?? DEV;
    for (const draft of decision.append) this.append(dev, draft);
    return decision;
  }
  append(dev: string, draft: Draft): void {
    const view = this.devices.get(dev);
    const entry = sealDraft(crypto, anchorSeed, view, draft, place(0, this.nowMs));
    this.devices.set(dev, extendView(crypto, view, entry) as DeviceView);
  }
}
const refusal = (why: string) => expect.objectContaining({ kind: 'refused', why });

describe('enrolment', () => {
  it('S18 the same device with the same token, twice, has the same receipt', () => {
    const hub = new Hub();
    const request = requestOf();
    expect(hub.enrol(request).answer).toEqual({ kind: 'enrolled' });
    const link = hub.devices.get(DEV)?.headLink;
    hub.nowMs += 86_400_000;
    expect(hub.enrol(request)).toMatchObject({ answer: { kind: 'enrolled', link }, append: [], alarms: [] });
  });

  it('S17 a used token with another key is refused, raises the alarm, and the device is contested', () => {
    const hub = new Hub();
    hub.enrol(requestOf());
    const thief = hub.enrol(requestOf());
    expect(thief.answer).toEqual(refusal('used'));
    expect(thief.alarms).toMatchObject([{ kind: 'token-reuse', noted: false }]);
    expect(hub.devices.get(DEV)?.standing).toBe('contested');
    expect(hub.token?.approval).toBe('needed');
  });

  it('S17 who goes on trying a used token is refused, and does not undo what a person decided since', () => {
    const hub = new Hub();
    hub.enrol(requestOf());
    const thief = requestOf();
    hub.enrol(thief);
    hub.append(DEV, { kind: 'verdict', status: 'cleared', why: 'ola says so' });
    for (const request of [thief, requestOf()]) {
      expect(hub.enrol(request)).toMatchObject({ answer: refusal('used'), append: [], alarms: [] });
      expect(hub.devices.get(DEV)?.standing).toBe('active');
    }
  });

  it('S17 a stranger without the secret can neither use nor freeze a token', () => {
    const hub = new Hub();
    hub.enrol(requestOf());
    expect(hub.enrol(requestOf(begin(), nonce())).answer).toEqual(refusal('mac'));
    expect(hub.devices.get(DEV)?.standing).toBe('active');
    expect(hub.token?.approval).toBe('not-needed');
  });

  it.each<[string, () => [Hub, EnrolRequest], string]>([
    ['an expired token', () => [Object.assign(new Hub(), { nowMs: START_MS + 3_600_001 }), requestOf()], 'expired'],
    ['no token of ours', () => [new Hub(Object.assign(record(), {})), { ...requestOf(), mac: nonce() }], 'mac'],
    ['another fleet', () => [new Hub(), requestOf(begin({ token: { ...token, fleet: nonce() } }))], 'fleet'],
    ['another name than expected', () => [new Hub(), requestOf(begin({ dev: 'pi-2' }))], 'name'],
    ['another token`s id', () => [new Hub(), requestOf(begin({ token: { ...token, tid: 'f'.repeat(16) } }))], 'malformed'],
    ['a signature by another key', () => [new Hub(), { ...requestOf(), sigNew: requestOf().sigNew }], 'link'],
  ])('S19 with %s is refused and nothing is appended', (_, setUp, why) => {
    const [hub, request] = setUp();
    expect(hub.enrol(request).answer).toEqual(refusal(why));
    expect(hub.devices.size).toBe(0);
    expect(hub.token?.bound).toBeUndefined();
  });

  it('S19 without a token, or for a name that is taken, is refused', () => {
    expect(Object.assign(new Hub(), { token: undefined }).enrol(requestOf()).answer).toEqual(refusal('no-token'));
    const hub = new Hub();
    hub.enrol(requestOf());
    hub.token = record({ tid: TID });
    expect(hub.enrol(requestOf()).answer).toEqual(refusal('taken'));
  });

  it('waits for somebody who compares the words', () => {
    const hub = new Hub(record({ approval: 'needed' }));
    const request = requestOf();
    const words = matchWords(crypto, request.body);
    expect(hub.enrol(request).answer).toEqual({ kind: 'waiting', words });
    expect(hub.devices.size).toBe(0);
    hub.token = { ...(hub.token as TokenRecord), approval: 'given' };
    expect(hub.enrol(request).answer).toEqual({ kind: 'enrolled' });
    expect(words.split(' ').every((word) => MATCH_WORDS.includes(word))).toBe(true);
    expect(matchWords(crypto, requestOf().body)).not.toBe(words);
  });

  it('S20 the device takes only the word of the anchor its token names, and only about its own link', () => {
    const state = begin();
    const link = sealLink(crypto, anchorSeed, state.pending?.link as never, place(0));
    const answer = { state: 'enrolled' as const, device: DEV, link, jwt: 'jwt', nats: { urls: ['tls://hub'], ca: undefined } };
    const taken = takeEnrolled(crypto, state, { ...answer, sig: signEnrolled(crypto, anchorSeed, answer) });
    expect(taken?.committed?.link).toEqual(link);
    expect(taken?.pending).toBeUndefined();
    expect(taken?.timeFloorMs).toBe(START_MS);
    const stranger = crypto.random(32);
    const resealed = { ...answer, link: sealLink(crypto, stranger, link, place(0)) };
    const otherLink = sealLink(crypto, anchorSeed, begin().pending?.link as never, place(0));
    const other = { ...answer, link: otherLink };
    for (const [said, seed] of [
      [answer, stranger],
      [resealed, stranger],
      [resealed, anchorSeed],
      [other, anchorSeed],
    ] as const)
      expect(takeEnrolled(crypto, state, { ...said, sig: signEnrolled(crypto, seed, said) })).toBeUndefined();
    const redirected = { ...answer, nats: { urls: ['tls://elsewhere'] }, sig: signEnrolled(crypto, anchorSeed, answer) };
    expect(takeEnrolled(crypto, state, redirected)).toBeUndefined();
  });

  it('S37 works with a clock of 1970 and of 2038, and time goes on from what the anchor sealed', () => {
    for (const nowMs of [0, Date.UTC(2038, 0, 20)]) {
      const hub = new Hub();
      const state = begin({ nowMs, builtMs: 0 });
      expect(hub.enrol(requestOf(state)).answer).toEqual({ kind: 'enrolled' });
    }
  });
});

describe('taking a device back', () => {
  function keptOut() {
    const hub = new Hub();
    hub.enrol(requestOf());
    const view = hub.devices.get(DEV) as DeviceView;
    const entry = sealDraft(crypto, anchorSeed, view, { kind: 'verdict', status: 'kept-out', why: 'lost' }, place(1));
    hub.devices.set(DEV, extendView(crypto, view, entry) as DeviceView);
    const { head, epoch } = pointOf(crypto, view.headLink);
    return { hub, after: { head, epoch } };
  }
  const readmit = (after: { head: string; epoch: number }): EnrolRequest => requestOf(begin({ token: { ...token, after } }));

  it('S27 goes on with the same chain, and the epochs before are void', () => {
    const { hub, after } = keptOut();
    hub.token = record({ after });
    const request = readmit(after);
    expect(hub.enrol(request).answer).toEqual({ kind: 'enrolled' });
    const view = hub.devices.get(DEV) as DeviceView;
    expect(view).toMatchObject({ standing: 'active', voided: [[0, 0]] });
    expect(view.chain.map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(hub.enrol(request)).toMatchObject({ answer: { kind: 'enrolled' }, append: [] });
  });

  it('is finished where the power went between its two entries', () => {
    const { hub, after } = keptOut();
    hub.token = record({ after });
    const request = readmit(after);
    const decision = decideEnrolment({ crypto, fleet, nowMs: START_MS }, hub.token, (dev) => hub.devices.get(dev), request);
    const view = hub.devices.get(DEV) as DeviceView;
    const [link] = decision.append;
    hub.devices.set(DEV, extendView(crypto, view, sealDraft(crypto, anchorSeed, view, link as never, place(2))) as DeviceView);
    expect(hub.devices.get(DEV)?.standing).toBe('kept-out');
    expect(hub.enrol(request).answer.kind).toBe('enrolled');
    expect(hub.devices.get(DEV)?.standing).toBe('active');
  });

  it('S35 needs a token made for it: the old one, a plain one, or one for another state are refused', () => {
    const { hub, after } = keptOut();
    expect(hub.enrol(requestOf()).answer.kind).toBe('refused');
    hub.token = record();
    expect(hub.enrol(requestOf()).answer).toEqual(refusal('taken'));
    hub.token = record({ after: { ...after, head: nonce() } });
    expect(hub.enrol(readmit(after)).answer).toEqual(refusal('not-waiting'));
    const running = new Hub();
    running.enrol(requestOf());
    running.token = record({ after });
    expect(running.enrol(readmit(after)).answer).toEqual(refusal('not-waiting'));
  });
});

it('a join token is one word, and only in the form it was written', () => {
  const text = encodeJoinToken(token, SECRET);
  expect(text).toMatch(/^rcj1\.[\w-]+\.[\w-]{43}$/);
  expect(parseJoinToken(` ${text}\n`)).toEqual({ token, secret: SECRET });
  const [prefix, said, secret] = text.split('.') as [string, string, string];
  for (const bad of [
    '',
    'rcj1',
    `rcj2.${said}.${secret}`,
    `${prefix}.${said}`,
    `${text}.x`,
    `${prefix}.${said}x.${secret}`,
    `${prefix}.${said}.abc`,
    'x'.repeat(5000),
  ])
    expect(parseJoinToken(bad)).toBeUndefined();
  const body = proposeGenesis(crypto, { fleet, dev: DEV, agent: '1', at: '', seed: crypto.random(32), tid: TID }).body;
  expect(enrolMac(crypto, tokenKey(crypto, SECRET), body)).not.toContain(SECRET);
});
