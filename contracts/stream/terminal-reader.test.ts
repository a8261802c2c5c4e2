import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_KIND, type Frame } from './frame.ts';
import { AttachAnswer, type TerminalState } from './terminal.ts';
import { AckClock, type Attached, TerminalReader, WAITING_BYTES } from './terminal-reader.ts';

const state: TerminalState = {
  sid: '0123456789abcdef',
  target: { kind: 'host' },
  startedAt: '2026-11-20T14:00:00.000Z',
  cols: 80,
  rows: 24,
  viewers: ['sam'],
  recording: false,
};
const bytes = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => bytes(JSON.stringify(value));

it('a picture comes in a bounded number of parts, whatever a device says', () => {
  const answer = { ok: true, state, off: 0, resumed: false, data: '', snapshotId: 'x', parts: 129 };
  expect(AttachAnswer.safeParse(answer).success).toBe(false);
  expect(AttachAnswer.safeParse({ ...answer, parts: 128 }).success).toBe(true);
});

/** A device with everything it ever sent: the frames of its stream and its answers to `attach`. */
class Device {
  readonly text: string;
  readonly frames: Frame[] = [];
  #keptFrom: number;

  constructor(chunks: readonly string[], keptFrom = 0) {
    this.text = chunks.join('');
    this.#keptFrom = keptFrom;
    let endOffset = 0;
    for (const chunk of chunks) {
      endOffset += chunk.length;
      this.frames.push({ kind: FRAME_KIND.data, endOffset, payload: bytes(chunk) });
    }
  }

  attach(have: number | undefined, off: number): Attached {
    const resumed = have !== undefined && have >= this.#keptFrom && have <= off;
    return { state, off, resumed, data: bytes(this.text.slice(resumed ? have : 0, off)) };
  }
}

/** What somebody sees who draws everything that is given out. */
function draw(reader: TerminalReader) {
  const seen = { text: '', states: [] as TerminalState[], resets: 0, closed: false };
  const apply = (outputs: ReturnType<TerminalReader['receive']>) => {
    for (const output of outputs)
      if (output.kind === 'reset') {
        seen.text = '';
        seen.resets += 1;
      } else if (output.kind === 'data') {
        seen.text += new TextDecoder().decode(output.bytes);
        expect(output.offset).toBe(seen.text.length);
      } else if (output.kind === 'state') seen.states.push(output.state);
      else seen.closed = true;
  };
  return {
    seen,
    receive: (frame: Frame) => apply(reader.receive(frame)),
    attached: (answer: Attached) => {
      reader.answered(answer.off);
      apply(reader.attached(answer));
    },
  };
}

describe('reading a terminal', () => {
  it('asks first, then draws the picture and what came meanwhile', () => {
    const device = new Device(['ab', 'cd', 'ef']);
    const reader = new TerminalReader();
    const { seen, receive, attached } = draw(reader);
    expect(reader.request).toEqual({ op: 'attach' });
    for (const frame of device.frames) receive(frame);
    attached(device.attach(undefined, 2));
    expect(seen).toMatchObject({ text: 'abcdef', resets: 1 });
    expect(reader.request).toBeUndefined();
  });

  it('asks for what is missing, with what it has', () => {
    const device = new Device(['ab', 'cd', 'ef']);
    const reader = new TerminalReader();
    const { seen, receive, attached } = draw(reader);
    attached(device.attach(undefined, 2));
    receive(device.frames[2]!);
    expect(seen.text).toBe('ab');
    expect(reader.request).toEqual({ op: 'attach', have: 2 });
    attached(device.attach(2, 4));
    expect(seen).toMatchObject({ text: 'abcdef', resets: 1 });
  });

  it('goes on after a lost link without drawing anything twice', () => {
    const device = new Device(['ab', 'cd', 'ef']);
    const reader = new TerminalReader();
    const { seen, receive, attached } = draw(reader);
    attached(device.attach(undefined, 4));
    reader.lost();
    expect(reader.request).toEqual({ op: 'attach', have: 4 });
    receive(device.frames[2]!);
    attached(device.attach(4, 6));
    expect(seen).toMatchObject({ text: 'abcdef', resets: 1 });
  });

  it('begins again where too much was missed', () => {
    const device = new Device(['ab', 'cd', 'ef'], 4);
    const reader = new TerminalReader();
    const { seen, attached } = draw(reader);
    attached(device.attach(undefined, 2));
    reader.lost();
    attached(device.attach(2, 6));
    expect(seen).toMatchObject({ text: 'abcdef', resets: 2 });
  });

  it('gives a change of size out in its place between the bytes', () => {
    const reader = new TerminalReader();
    const order: string[] = [];
    const note = (outputs: ReturnType<TerminalReader['receive']>) => {
      for (const one of outputs) order.push(one.kind === 'state' ? `${one.state.cols} columns` : one.kind);
    };
    note(reader.attached({ state, off: 0, resumed: false, data: bytes('') }));
    note(reader.receive({ kind: FRAME_KIND.state, endOffset: 2, payload: json({ ...state, cols: 100 }) }));
    note(reader.receive({ kind: FRAME_KIND.data, endOffset: 2, payload: bytes('ab') }));
    note(reader.receive({ kind: FRAME_KIND.data, endOffset: 4, payload: bytes('cd') }));
    expect(order).toEqual(['reset', 'data', '100 columns', 'data']);
  });

  it('believes no state that is older than the answer', () => {
    const reader = new TerminalReader();
    const { seen, receive, attached } = draw(reader);
    receive({ kind: FRAME_KIND.state, endOffset: 1, payload: json({ ...state, cols: 100 }) });
    attached({ state, off: 2, resumed: false, data: bytes('ab') });
    expect(seen.states).toEqual([]);
  });

  it('believes a state of the same offset: control may have passed before the answer was looked at', () => {
    const { seen, receive, attached } = draw(new TerminalReader());
    receive({ kind: FRAME_KIND.state, endOffset: 2, payload: json({ ...state, cols: 100 }) });
    attached({ state, off: 2, resumed: false, data: bytes('ab') });
    expect(seen.states.map(({ cols }) => cols)).toEqual([100]);
  });

  it('takes no nonsense for a state, and nothing after the end', () => {
    const reader = new TerminalReader();
    const { seen, receive, attached } = draw(reader);
    attached({ state, off: 0, resumed: false, data: bytes('') });
    receive({ kind: FRAME_KIND.state, endOffset: 0, payload: bytes('{"cols":') });
    receive({ kind: FRAME_KIND.state, endOffset: 0, payload: json({ ...state, cols: 100_000 }) });
    receive({ kind: FRAME_KIND.closed, endOffset: 0, payload: json({ reason: 'ended', message: 'The shell ended.' }) });
    receive({ kind: FRAME_KIND.data, endOffset: 2, payload: bytes('ab') });
    expect(seen).toMatchObject({ states: [], text: '', closed: true });
    expect(reader.request).toBeUndefined();
  });

  it('keeps a bounded part of what cannot be drawn yet', () => {
    const chunk = 'x'.repeat(32 * 1024);
    const device = new Device(Array.from({ length: (2 * WAITING_BYTES) / chunk.length }, () => chunk));
    const reader = new TerminalReader();
    const { seen, receive, attached } = draw(reader);
    for (const frame of device.frames) receive(frame);
    attached(device.attach(undefined, chunk.length));
    expect(seen.text.length).toBe(chunk.length);
    // One frame less than their payloads alone would leave room for.
    attached(device.attach(reader.position, device.text.length - WAITING_BYTES + chunk.length));
    expect(seen.text.length).toBe(device.text.length);
  });

  it('draws everything once and in order, whatever is lost, doubled or late', () => {
    const chunk = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(
        fc.array(chunk, { minLength: 1, maxLength: 20 }),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('deliver', 'attach', 'lose'))),
        fc.nat(),
        (chunks, steps, kept) => {
          const device = new Device(chunks, kept % (chunks.join('').length + 1));
          const reader = new TerminalReader();
          const { seen, receive, attached } = draw(reader);
          // The device sends in order: an answer speaks of at least what was delivered before it.
          let sent = 0;
          for (const [number, what] of steps)
            if (what === 'deliver') {
              const frame = device.frames[number % device.frames.length]!;
              sent = Math.max(sent, frame.endOffset);
              receive(frame);
            } else if (what === 'lose') reader.lost();
            else attached(device.attach(reader.position, sent));
          expect(device.text.startsWith(seen.text)).toBe(true);
          for (let tries = 0; reader.request; tries++) {
            expect(tries).toBeLessThan(3);
            const { have } = reader.request as { have?: number };
            attached(device.attach(have, device.text.length));
          }
          for (const frame of device.frames) receive(frame);
          expect(seen.text).toBe(device.text);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('when to acknowledge', () => {
  it('is every 2 s where nothing comes', () => {
    const clock = new AckClock(7, 0);
    expect(clock.due(1_999)).toBeUndefined();
    expect(clock.due(2_000)).toBe(7);
    expect(clock.due(2_001)).toBeUndefined();
  });

  it('is 50 ms after the last word for a few bytes', () => {
    const clock = new AckClock(0, 0);
    clock.drew(10);
    expect(clock.due(49)).toBeUndefined();
    expect(clock.due(50)).toBe(10);
  });

  it('is at once for 32 KB', () => {
    const clock = new AckClock(0, 0);
    clock.drew(32 * 1024);
    expect(clock.due(0)).toBe(32 * 1024);
    expect(clock.due(0)).toBeUndefined();
  });

  it('leaves no byte unsaid for longer than the window may wait', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20_000), fc.nat(300)), { maxLength: 50 }), (writes) => {
        const clock = new AckClock(0, 0);
        let now = 0;
        let drawn = 0;
        let said = 0;
        let unsaidSince = 0;
        for (const [count, wait] of writes) {
          if (drawn === said && count > 0) unsaidSince = now;
          drawn += count;
          clock.drew(drawn);
          for (const end = now + wait; now <= end; now++) said = clock.due(now) ?? said;
          if (said < drawn) expect(now - unsaidSince).toBeLessThanOrEqual(301);
          expect(drawn - said).toBeLessThan(32 * 1024);
        }
        for (const end = now + 50; now <= end; now++) said = clock.due(now) ?? said;
        expect(said).toBe(drawn);
      }),
    );
  });
});
