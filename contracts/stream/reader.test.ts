import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_KIND, type Frame, type FrameKind } from './frame.ts';
import { StreamReader } from './reader.ts';
import { SESSION_KEEPALIVE_MS, WINDOW_BYTES } from './session.ts';

const data = (from: number, to: number): Frame => ({
  kind: FRAME_KIND.data,
  endOffset: to,
  payload: Uint8Array.from({ length: to - from }, (_, index) => (from + index) % 251),
});
const json = (kind: FrameKind, endOffset: number, value: unknown): Frame => ({
  kind,
  endOffset,
  payload: new TextEncoder().encode(JSON.stringify(value)),
});
const ended = (endOffset: number) => json(FRAME_KIND.closed, endOffset, { reason: 'ended', message: 'Done.' });

const TOTAL = 400;
const frame = fc
  .tuple(fc.nat(TOTAL), fc.nat(TOTAL))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
  .filter(({ from, to }) => to > from);

describe('a stream read at the far end', () => {
  test('whatever is lost, repeated, cut anew or out of order: each byte once, in its order, and the end last', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 60 }), fc.nat(60), (frames, closedAt) => {
        const reader = new StreamReader(0);
        const arriving = frames.map(({ from, to }) => data(from, to));
        arriving.splice(Math.min(closedAt, arriving.length), 0, ended(TOTAL));
        // The sender's answer to a resume: everything from the reader's own offset.
        const outputs = arriving.flatMap((each, index) => reader.receive(each, index));
        if (!reader.closed) outputs.push(...reader.receive(data(reader.position, TOTAL), 100));

        const bytes = outputs.flatMap((each) => (each.kind === 'data' ? [...each.bytes] : []));
        expect(bytes).toEqual([...data(0, TOTAL).payload]);
        expect(outputs.at(-1)).toMatchObject({ kind: 'closed', closed: { reason: 'ended' } });
        expect(outputs.filter(({ kind }) => kind === 'closed')).toHaveLength(1);
      }),
    );
  });

  test('a device that gives no heed to credit fills nothing: not with data, and not with empty frames behind a gap', () => {
    const reader = new StreamReader(0);
    const MESSAGE = 32 * 1024;
    for (let at = 0; at < 64 * WINDOW_BYTES; at += MESSAGE) reader.receive(data(at, at + MESSAGE), 1);
    expect(reader.position).toBe(16 * WINDOW_BYTES);
    reader.consumed(reader.position);
    expect(reader.receive(data(reader.position, reader.position + 10), 2)).toHaveLength(1);

    const other = new StreamReader(0);
    for (let count = 0; count < 20_000; count++)
      other.receive({ kind: FRAME_KIND.state, endOffset: 10, payload: new Uint8Array() }, 1);
    expect(other.receive(data(0, 10), 2).length).toBeLessThan(5_000);
  });

  test('a gap is asked for again from the own offset, again after a second, and no more once it is filled', () => {
    const reader = new StreamReader(0);
    expect(reader.receive(data(0, 10), 1)).toMatchObject([{ kind: 'data', offset: 10 }]);
    expect(reader.receive(data(20, 30), 2)).toEqual([]);
    expect(reader.say(2)).toEqual({ type: 'resume', offset: 10 });
    expect(reader.say(500)).toBeUndefined();
    expect(reader.say(1_002)).toEqual({ type: 'resume', offset: 10 });
    expect(reader.receive(data(10, 20), 1_010)).toMatchObject([{ offset: 20 }, { offset: 30 }]);
    expect(reader.say(2_500)).toBeUndefined();
  });

  test('credit is what was consumed: at once for 64 KB, after 100 ms for less, and every five seconds for nothing', () => {
    const reader = new StreamReader(0);
    reader.receive(data(0, 100_000), 10);
    expect(reader.say(1_000)).toBeUndefined();
    reader.consumed(100);
    expect(reader.say(1_000)).toEqual({ type: 'credit', offset: 100 });
    reader.consumed(200);
    expect(reader.say(1_099)).toBeUndefined();
    expect(reader.say(1_100)).toEqual({ type: 'credit', offset: 200 });
    reader.consumed(100_000);
    expect(reader.say(1_101)).toEqual({ type: 'credit', offset: 100_000 });
    expect(reader.say(6_000)).toBeUndefined();
    expect(reader.dueAtMs).toBe(1_101 + SESSION_KEEPALIVE_MS);
  });

  test('the keepalive of a reader that holds something back never lets more come', () => {
    const reader = new StreamReader(0);
    reader.receive(data(0, 1_000), 1);
    for (let now = SESSION_KEEPALIVE_MS; now < 60_000; now += SESSION_KEEPALIVE_MS)
      expect(reader.say(now)).toEqual({ type: 'credit', offset: 0 });
  });

  test('frames lost before a quiet time are found by the keepalive', () => {
    const reader = new StreamReader(0);
    reader.receive(data(0, 10), 1);
    reader.consumed(10);
    expect(reader.say(200)).toEqual({ type: 'credit', offset: 10 });
    expect(reader.say(200 + SESSION_KEEPALIVE_MS)).toEqual({ type: 'resume', offset: 10 });
  });

  test('after a lost link it resumes at once, also where nothing seems to be missing', () => {
    const reader = new StreamReader(0);
    reader.receive(data(0, 10), 1);
    reader.lost(50);
    expect(reader.say(50)).toEqual({ type: 'resume', offset: 10 });
    expect(reader.say(60)).toBeUndefined();
  });

  test('what waits behind a gap is bounded, and the reader goes on once it is sent again', () => {
    const reader = new StreamReader(0);
    const step = 16 * 1024;
    for (let from = step; from < 8 * WINDOW_BYTES; from += step) reader.receive(data(from, from + step), 1);
    const outputs = reader.receive(data(0, step), 2);
    const bytes = outputs.reduce((sum, each) => sum + (each.kind === 'data' ? each.bytes.length : 0), 0);
    expect(bytes).toBeGreaterThan(WINDOW_BYTES);
    expect(bytes).toBeLessThanOrEqual(2 * WINDOW_BYTES + step);
    expect(reader.receive(data(reader.position, reader.position + 5), 3)).toHaveLength(1);
  });

  test('state and progress come in their place between the data; what is not of that form is passed over', () => {
    const reader = new StreamReader(0);
    expect(reader.receive(json(FRAME_KIND.progress, 10, { phase: 'live' }), 1)).toEqual([]);
    expect(reader.receive(data(0, 10), 1).map(({ kind }) => kind)).toEqual(['data', 'progress']);
    expect(reader.receive(json(FRAME_KIND.state, 10, { viewers: ['sam'] }), 1)).toEqual([
      { kind: 'state', value: { viewers: ['sam'] } },
    ]);
    expect(reader.receive(json(FRAME_KIND.progress, 10, { phase: 'lunch' }), 1)).toEqual([]);
    expect(reader.receive({ kind: FRAME_KIND.closed, endOffset: 10, payload: new Uint8Array([1, 2]) }, 1)).toEqual([]);
    expect(reader.closed).toBe(false);
  });
});
