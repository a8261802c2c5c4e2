import { describe, expect, it } from 'vitest';
import { toBase64url } from './bytes.ts';
import { headOf, linkHash, sealLink } from './chain.ts';
import { checkOrder, type Event, type Machine, type Step, startMachine, step } from './device-chain.ts';
import { type DeviceState, deviceNowMs, DeviceState as StateSchema, takeCommitted } from './device-state.ts';
import { nodeCrypto as crypto } from './node/crypto.ts';
import { anchorPk, anchorSeed, chainOf, DEV, type Epoch, fleet, nonce, place, START_MS } from './node/test-chain.ts';
import { signProof } from './proofs.ts';

const context = { crypto, agent: '1', clockMs: START_MS };
const [genesis, other] = chainOf(2) as [Epoch, Epoch];
const state: DeviceState = {
  ...{ v: 1, dev: DEV, fleet, anchor: anchorPk, timeFloorMs: 0 },
  committed: { link: genesis.link, seed: toBase64url(genesis.seed) },
  receipts: [genesis.link],
};
const order = () => ({ req: 'r1', an: nonce(), cause: 'scheduled' as const });
/** Several events in turn, the last step of them. */
function told(machine: Machine, ...events: Event[]): Step {
  let last: Step = { machine, act: [] };
  for (const event of events) last = step(context, last.machine, event);
  return last;
}
const answer = (given: Extract<Event, { kind: 'answer' }>['answer']): Event => ({ kind: 'answer', answer: given });
const live = (): Machine =>
  told(
    startMachine(crypto, state),
    { kind: 'connected' },
    answer({ op: 'challenge', an: nonce(), at: '' }),
    answer({ op: 'proved', jwt: 'jwt', an: nonce() }),
  ).machine;
const kinds = ({ act }: Step) => act.map((one) => (one.kind === 'send' ? one.request.op : one.kind));
const hashOf = ({ machine }: Step) => linkHash(crypto, machine.state.pending?.link as never);

describe('the device', () => {
  it('greets, proves itself, takes its credentials and ticks', () => {
    const machine = startMachine(crypto, state);
    const greeted = told(machine, { kind: 'connected' });
    expect(greeted.act).toMatchObject([{ kind: 'send', request: { op: 'hello', epoch: 0, head: headOf(crypto, genesis.link) } }]);
    const proving = told(greeted.machine, answer({ op: 'challenge', an: nonce(), at: '' }));
    expect(kinds(proving)).toEqual(['prove']);
    const proved = told(proving.machine, answer({ op: 'proved', jwt: 'jwt', an: nonce() }));
    expect(kinds(proved)).toEqual(['use-jwt']);
    const ticked = told(proved.machine, { kind: 'tick-due' }, answer({ op: 'ticked', an: nonce(), at: '' }), {
      kind: 'tick-due',
    });
    expect(ticked.act).toMatchObject([{ request: { op: 'tick', n: 1 } }]);
  });

  it('writes the next key before anybody hears of it, and gives up the old one only for its seal', () => {
    const begun = told(live(), { kind: 'order', order: order() });
    expect(begun.persist?.pending).toBeDefined();
    expect(begun.persist?.committed).toEqual(state.committed);
    expect(kinds(begun)).toEqual(['prepare']);
    const link = hashOf(begun);
    const settling = told(begun.machine, answer({ op: 'prepared', link, an: nonce(), settleMs: 3000 }));
    expect(settling.act).toEqual([{ kind: 'settle', ms: 3000 }]);
    const committing = told(settling.machine, { kind: 'settled', read: begun.persist as DeviceState });
    expect(committing.act).toMatchObject([{ request: { op: 'commit', link } }]);
    const sealed = sealLink(crypto, anchorSeed, begun.machine.state.pending?.link as never, place(1, START_MS + 1000));
    const committed = told(committing.machine, answer({ op: 'committed', link: sealed, jwt: 'jwt' }));
    expect(committed.persist?.committed?.link).toEqual(sealed);
    expect(committed.persist?.pending).toBeUndefined();
    expect(committed.persist?.receipts).toEqual([genesis.link, sealed]);
    expect(JSON.stringify(committed.persist)).not.toContain(toBase64url(genesis.seed));
    expect(kinds(committed)).toEqual(['use-jwt', 'hello']);
    expect(StateSchema.parse(JSON.parse(JSON.stringify(committed.persist)))).toEqual(committed.persist);
  });

  it('does not commit what its card did not keep', () => {
    const begun = told(live(), { kind: 'order', order: order() });
    const settling = told(begun.machine, answer({ op: 'prepared', link: hashOf(begun), an: nonce(), settleMs: 0 }));
    const settled = told(settling.machine, { kind: 'settled', read: state });
    expect(kinds(settled)).toEqual(['hello']);
    expect(settled.machine.state).toEqual(state);
  });

  it('after a restart asks about its pending link before it shows the key before', () => {
    const begun = told(live(), { kind: 'order', order: order() });
    const restarted = startMachine(crypto, begun.persist as DeviceState);
    const resumed = told(restarted, { kind: 'connected' }, answer({ op: 'challenge', an: nonce(), at: '' }));
    expect(resumed.act).toMatchObject([{ request: { op: 'prepare', body: begun.persist?.pending?.link.body } }]);
    const again = told(live(), { kind: 'order', order: order() }, { kind: 'connected' });
    expect(kinds(again)).toEqual(['hello']);
    const refused = told(resumed.machine, answer({ op: 'refused', code: 'contested', message: '' }));
    expect(kinds(refused)).toEqual(['prove']);
  });

  it('says which session it is where the order is for it alone, and then uses no proposal of before', () => {
    const before = told(live(), { kind: 'order', order: order() });
    expect(before.act).toEqual([{ kind: 'send', request: expect.not.objectContaining({ session: expect.anything() }) }]);
    const named = { ...order(), req: 'chosen', named: true };
    const ordered = (machine: Machine) =>
      told(
        machine,
        { kind: 'connected' },
        answer({ op: 'challenge', an: nonce(), at: '' }),
        answer({ op: 'refused', code: 'contested', message: '' }),
        answer({ op: 'proved', jwt: 'jwt', an: nonce(), rotate: named }),
      );
    const begun = ordered(before.machine);
    const { session } = begun.machine;
    const { body } = begun.persist!.pending!.link;
    expect(begun.act.at(-1)).toMatchObject({ request: { op: 'prepare', session, body } });
    expect(body).not.toBe(before.persist?.pending?.link.body);
    // Its commit may be on the way: the same order again makes no other key.
    const again = ordered(begun.machine);
    expect(again.persist).toBeUndefined();
    expect(again.act.at(-1)).toMatchObject({ request: { op: 'prepare', session, body } });
  });

  it('believes no seal but the anchor`s, and no link but its own', () => {
    const begun = told(live(), { kind: 'order', order: order() });
    const proposal = begun.machine.state.pending?.link as never;
    const foreign = sealLink(crypto, crypto.random(32), proposal, place(1));
    const again = sealLink(crypto, anchorSeed, genesis.link, place(5));
    const committed = (machine: Machine, link: typeof again) => told(machine, answer({ op: 'committed', link, jwt: 'jwt' }));
    for (const link of [foreign, other.link, sealLink(crypto, crypto.random(32), genesis.link, place(5)), genesis.link, again])
      expect(committed(begun.machine, link)).toEqual({ machine: begun.machine, act: [] });
    // What was heard before is repeated by who stands in between: the pending key stays.
    const { machine } = told(begun.machine, { kind: 'connected' });
    expect(committed(machine, genesis.link)).toEqual({ machine, act: [] });
    expect(committed(machine, again).persist).toMatchObject({ committed: { link: again } });
  });

  it('forgets a proposal that the anchor found false, once its key is known to be the head', () => {
    const begun = told(live(), { kind: 'order', order: order() });
    const proving = told(
      begun.machine,
      { kind: 'connected' },
      answer({ op: 'challenge', an: nonce(), at: '' }),
      answer({ op: 'refused', code: 'bad-proof', message: '' }),
    );
    expect(kinds(proving)).toEqual(['prove']);
    expect(proving.machine.state.pending).toBeDefined();
    const proved = told(proving.machine, answer({ op: 'proved', jwt: 'jwt', an: nonce() }));
    expect(proved.persist).toEqual(state);
    const ordered = told(proving.machine, answer({ op: 'proved', jwt: 'jwt', an: nonce(), rotate: order() }));
    expect(kinds(ordered)).toEqual(['use-jwt', 'prepare']);
    expect(ordered.persist?.pending?.link.body).not.toBe(begun.persist?.pending?.link.body);
  });

  it('gives a hub that does not know it what it has', () => {
    const greeted = told(
      startMachine(crypto, state),
      { kind: 'connected' },
      answer({ op: 'refused', code: 'unknown', message: '' }),
    );
    expect(greeted.act).toMatchObject([{ request: { op: 'hello', receipts: [genesis.link] } }]);
    const still = told(greeted.machine, answer({ op: 'refused', code: 'unknown', message: '', retryMs: 7 }));
    expect(still.act).toEqual([{ kind: 'retry', ms: 7 }]);
    const again = sealLink(crypto, anchorSeed, genesis.link, place(3));
    const healed = told(greeted.machine, answer({ op: 'committed', link: again, jwt: 'jwt' }));
    expect(healed.persist).toMatchObject({ committed: { link: again }, receipts: [again] });
  });

  it('keeps the sixteen newest receipts', () => {
    const receipts = Array.from({ length: 16 }, () => genesis.link);
    const begun = told(live(), { kind: 'order', order: order() });
    const sealed = sealLink(crypto, anchorSeed, begun.machine.state.pending?.link as never, place(1));
    const taken = takeCommitted(crypto, { ...(begun.persist as DeviceState), receipts }, sealed);
    expect(taken?.receipts).toHaveLength(16);
    expect(taken?.receipts.at(-1)).toEqual(sealed);
  });

  it('takes a hint to rotate from the anchor alone', () => {
    const asked = order();
    const sig = signProof(crypto, anchorSeed, 'rotate', { dev: DEV, ...asked });
    expect(checkOrder(crypto, state, { ...asked, sig })).toBe(true);
    expect(checkOrder(crypto, { ...state, dev: 'pi-2' }, { ...asked, sig })).toBe(false);
    expect(checkOrder(crypto, state, { ...asked, sig: signProof(crypto, genesis.seed, 'rotate', { dev: DEV, ...asked }) })).toBe(
      false,
    );
    expect(kinds(told(live(), { kind: 'order', order: { ...asked, cause: 'readmit' } }))).toEqual([]);
  });

  it.each([0, Date.UTC(2038, 0, 20)])(
    'S37 rotates with a clock at %i, and its time never falls below what the anchor sealed',
    (clockMs) => {
      const begun = step({ ...context, clockMs }, live(), { kind: 'order', order: order() });
      const sealed = sealLink(crypto, anchorSeed, begun.machine.state.pending?.link as never, place(1, START_MS + 5000));
      const taken = takeCommitted(crypto, begun.persist as DeviceState, sealed) as DeviceState;
      expect(taken.timeFloorMs).toBe(START_MS + 5000);
      expect(deviceNowMs(taken, clockMs)).toBe(Math.max(clockMs, START_MS + 5000));
      const older = sealLink(crypto, anchorSeed, sealed, place(2, 1000));
      expect(takeCommitted(crypto, taken, older)?.timeFloorMs).toBe(START_MS + 5000);
    },
  );
});
