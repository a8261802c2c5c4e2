import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyKey,
  applySync,
  type DesiredState,
  type IndexReading,
  type KeyReading,
  NOTHING_KNOWN,
  toDeployments,
} from './desired-state.ts';

const at = (revision: number, storedAtMs = revision * 10) => ({ revision, storedAtMs });
const value = (revision: number, text = `v${revision}`, storedAtMs?: number): KeyReading => ({
  kind: 'value',
  version: at(revision, storedAtMs),
  text,
});
const deleted = (revision: number): KeyReading => ({ kind: 'deleted', version: at(revision) });
const absent = { kind: 'absent' } as const;
const unknown = { kind: 'unknown', why: 'no answer' } as const;
const index = (revision: number, names: string[], storedAtMs?: number): IndexReading => ({
  kind: 'valid',
  version: at(revision, storedAtMs),
  names,
});
const sync = (state: DesiredState, list: IndexReading, keys: Record<string, KeyReading>) =>
  applySync(state, list, new Map(Object.entries(keys)));
const texts = (state: DesiredState) => Object.fromEntries(toDeployments(state).map(({ name, text }) => [name, text]));

/** hello and vision, both listed by the index of revision 3. */
const two = sync(NOTHING_KNOWN, index(3, ['hello', 'vision']), { hello: value(1), vision: value(2) });

describe('keys', () => {
  it('add and change by themselves, before any index', () => {
    const state = applyKey(applyKey(NOTHING_KNOWN, 'hello', value(1)), 'hello', value(4));
    expect(texts(state)).toEqual({ hello: 'v4' });
    expect(state.complete).toBe(false);
  });

  it.each([
    ['an older value', value(1)],
    ['the same value again', value(5)],
    ['no answer', unknown],
    ['no key', absent],
  ])('keep what is newer: %s', (_, reading) => {
    const state = applyKey(NOTHING_KNOWN, 'hello', value(5));
    expect(applyKey(state, 'hello', reading)).toBe(state);
  });

  it('are removed by a delete marker, and an older value does not bring them back', () => {
    const state = applyKey(applyKey(two, 'hello', deleted(6)), 'hello', value(5));
    expect(texts(state)).toEqual({ vision: 'v2' });
    expect(texts(applyKey(state, 'hello', value(7)))).toEqual({ hello: 'v7', vision: 'v2' });
  });

  it('of a bucket that was made anew count from 1 again, and are newer by their time', () => {
    expect(texts(applyKey(two, 'vision', value(1, 'anew', 9_000)))).toEqual({ hello: 'v1', vision: 'anew' });
  });
});

describe('a sync', () => {
  it('knows everything once each key of the list was read', () => {
    expect(two.complete).toBe(true);
    expect(sync(NOTHING_KNOWN, index(1, []), {}).complete).toBe(true);
    expect(sync(NOTHING_KNOWN, index(3, ['hello']), { hello: unknown }).complete).toBe(false);
    expect(sync(NOTHING_KNOWN, index(3, ['hello']), { hello: absent }).complete).toBe(false);
  });

  it.each([
    ['an absent list', absent],
    ['a list that did not come', unknown],
    ['a broken list', { kind: 'invalid', why: 'it is not JSON' } as const],
    ['a list older than the known one', index(2, [])],
  ])('removes nothing for %s', (_, list) => {
    expect(sync(two, list, { hello: absent, vision: absent })).toBe(two);
  });

  it('removes what a newer list leaves out and the store no longer has', () => {
    expect(texts(sync(two, index(4, ['vision']), { hello: absent, vision: value(2) }))).toEqual({ vision: 'v2' });
  });

  it.each([
    ['is still there', value(1)],
    ['did not answer', unknown],
  ])('keeps what a newer list leaves out while its key %s', (_, hello) => {
    expect(texts(sync(two, index(4, ['vision']), { hello, vision: value(2) }))).toMatchObject({ hello: 'v1' });
  });

  it('keeps what was written after the list, though the list does not have it', () => {
    const direct = applyKey(two, 'direct', value(50));
    expect(texts(sync(direct, index(4, ['hello', 'vision']), { direct: absent }))).toMatchObject({ direct: 'v50' });
  });

  it('forgets delete markers once a later list agrees', () => {
    const state = sync(applyKey(two, 'hello', deleted(6)), index(7, ['vision']), { vision: value(2) });
    expect([...state.entries.keys()]).toEqual(['vision']);
  });

  it('gives the same state back when nothing is new', () => {
    expect(sync(two, index(3, ['hello', 'vision']), { hello: value(1), vision: value(2) })).toBe(two);
  });
});

describe('whatever the order', () => {
  interface Write {
    name: string;
    text: string | null;
  }
  const write = fc.record({ name: fc.constantFrom('a', 'b', 'c'), text: fc.option(fc.string()) });

  it('readings of a bucket, late, twice or never, end in what the bucket holds after one full sync', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 30 }), fc.array(fc.nat(29), { maxLength: 60 }), (writes: Write[], order) => {
        const reading = ({ text }: Write, at_: number): KeyReading => (text === null ? deleted(at_ + 1) : value(at_ + 1, text));
        let state: DesiredState = NOTHING_KNOWN;
        for (const position of order) {
          const one = writes[position];
          if (one) state = applyKey(state, one.name, reading(one, position));
        }
        const bucket = new Map<string, KeyReading>(writes.map((one, position) => [one.name, reading(one, position)]));
        const wanted = Object.fromEntries([...bucket].flatMap(([name, one]) => (one.kind === 'value' ? [[name, one.text]] : [])));
        const names = Object.keys(wanted);
        expect(texts(applySync(state, index(1, names, 1_000_000), bucket))).toEqual(wanted);
      }),
    );
  });
});
