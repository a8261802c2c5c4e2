import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeFrame, FRAME_KIND, type Frame } from '#contracts/stream/frame.ts';
import { StreamReader } from '#contracts/stream/reader.ts';
import type { StreamClosed } from '#contracts/stream/session.ts';
import { StreamSender } from './stream-sender.ts';

const WINDOW = 1_000;
const SILENCE_MS = 30_000;

function start() {
  const sent: Frame[] = [];
  const ends: StreamClosed[] = [];
  let rooms = 0;
  const sender = new StreamSender({
    publish: (message) => {
      sent.push(decodeFrame(message)!);
      return true;
    },
    onRoom: () => rooms++,
    onClose: (closed) => ends.push(closed),
    windowBytes: WINDOW,
    silenceMs: SILENCE_MS,
  });
  return { sender, sent, ends, rooms: () => rooms };
}
const json = ({ payload }: Frame) => JSON.parse(new TextDecoder().decode(payload)) as unknown;
const bytes = (length: number, value = 1) => new Uint8Array(length).fill(value);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the sending end of a stream', () => {
  it('sends no more than the window, and more when the viewer has drawn', () => {
    const { sender, sent, rooms } = start();
    sender.send(bytes(600));
    sender.send(bytes(400));
    expect(sender.room).toBe(0);
    expect(() => sender.send(bytes(1))).toThrow(RangeError);
    sender.hear({ type: 'credit', offset: 600 });
    expect([sender.room, sender.unseenBytes, rooms()]).toEqual([600, 400, 1]);
    sender.hear({ type: 'credit', offset: 500 });
    sender.hear({ type: 'credit', offset: 5_000 });
    expect([sender.room, rooms()]).toEqual([600, 1]);
    expect(sent.map(({ endOffset }) => endOffset)).toEqual([600, 1_000]);
    sender.close({ reason: 'closed', message: '' });
  });

  it('sends again from any byte that was not drawn, with what was told beside it', () => {
    const { sender, sent } = start();
    sender.send(Uint8Array.from([1, 2, 3, 4]));
    sender.tell(FRAME_KIND.progress, { phase: 'search' });
    sender.tell(FRAME_KIND.progress, { phase: 'history' });
    sender.send(Uint8Array.from([5, 6]));
    sent.length = 0;
    sender.hear({ type: 'resume', offset: 2 });
    expect(sent.map(({ kind, endOffset }) => [kind, endOffset])).toEqual([
      [FRAME_KIND.data, 4],
      [FRAME_KIND.data, 6],
      [FRAME_KIND.progress, 4],
    ]);
    expect([...sent[0]!.payload]).toEqual([3, 4]);
    expect(json(sent[2]!)).toEqual({ phase: 'history' });
    sender.close({ reason: 'closed', message: '' });
  });

  it('ends where it cannot send again what is asked for', () => {
    const { sender, sent, ends } = start();
    sender.send(bytes(10));
    sender.hear({ type: 'credit', offset: 8 });
    sender.hear({ type: 'resume', offset: 4 });
    expect(ends).toMatchObject([{ reason: 'overrun' }]);
    expect(sent.at(-1)).toMatchObject({ kind: FRAME_KIND.closed, endOffset: 0 });
    const count = sent.length;
    sender.send(bytes(10));
    sender.tell(FRAME_KIND.state, {});
    sender.hear({ type: 'resume', offset: 8 });
    sender.close({ reason: 'failed', message: '' });
    expect([sent.length, ends.length, sender.room]).toEqual([count, 1, 0]);
  });

  it('lets a viewer go that is silent, and not one that says the same again', () => {
    const { sender, ends } = start();
    sender.send(bytes(10));
    for (let times = 0; times < 5; times++) {
      vi.advanceTimersByTime(SILENCE_MS - 1);
      sender.hear({ type: 'credit', offset: 0 });
    }
    expect(ends).toEqual([]);
    vi.advanceTimersByTime(SILENCE_MS);
    expect(ends).toMatchObject([{ reason: 'silent' }]);
  });

  it('puts an orderly end behind all data', () => {
    const { sender, sent } = start();
    sender.send(bytes(10));
    sender.close({ reason: 'ended', message: '' });
    expect(sent.at(-1)).toMatchObject({ kind: FRAME_KIND.closed, endOffset: 10 });
  });

  it('brings every byte once and in order to a reader that loses and doubles messages', () => {
    const chance = fc.record({
      length: fc.integer({ min: 1, max: 300 }),
      fate: fc.constantFrom('comes', 'comes', 'comes', 'is lost', 'comes twice', 'comes late'),
    });
    fc.assert(
      fc.property(fc.array(chance, { maxLength: 60 }), (chances) => {
        const { sender, sent } = start();
        let nowMs = 0;
        const reader = new StreamReader(nowMs);
        const seen: number[] = [];
        const written: number[] = [];
        const late: Frame[] = [];
        const deliver = (frame: Frame) => {
          for (const output of reader.receive(frame, nowMs)) {
            if (output.kind !== 'data') continue;
            seen.push(...output.bytes);
            reader.consumed(output.offset);
          }
        };
        const carry = (fate: string) => {
          for (const frame of sent.splice(0)) {
            if (fate === 'comes late') late.push(frame);
            else if (fate !== 'is lost') deliver(frame);
            if (fate === 'comes twice') deliver(frame);
          }
        };
        const talk = () => {
          nowMs += 6_000;
          const control = reader.say(nowMs);
          if (control) sender.hear(control);
        };
        for (const { length, fate } of chances) {
          const size = Math.min(length, sender.room);
          const chunk = Uint8Array.from({ length: size }, (_, index) => (written.length + index) % 251);
          written.push(...chunk);
          sender.send(chunk);
          carry(fate);
          for (const frame of late.splice(0, fate === 'comes late' ? 0 : late.length)) deliver(frame);
          talk();
        }
        for (let tries = 0; tries < 4; tries++) {
          talk();
          carry('comes');
        }
        expect(sender.closed).toBe(false);
        expect(seen).toEqual(written);
        sender.close({ reason: 'closed', message: '' });
      }),
    );
  });
});
