import { describe, expect, it, vi } from 'vitest';
import { decodeFrame } from '#contracts/stream/frame.ts';
import { Control } from './control.ts';
import { Output, RING_BYTES } from './output.ts';
import { FIRST_WINDOW_BYTES, Pace } from './pace.ts';
import type { ProgramEvents } from './program.ts';
import { Session } from './session.ts';
import { Viewers } from './viewers.ts';

const uid = (name: string) => `${name}_${'0'.repeat(24)}`;
const [SAM, KIM, VERA] = [uid('sam'), uid('kim'), uid('vera')];

describe('pace', () => {
  it('pauses beyond the window, resumes at half of it, and never waits for nobody', () => {
    const pace = new Pace();
    expect(pace.decide(FIRST_WINDOW_BYTES)).toBe(false);
    expect(pace.decide(FIRST_WINDOW_BYTES + 1)).toBe(true);
    expect(pace.decide(FIRST_WINDOW_BYTES / 2 + 1)).toBe(true);
    expect(pace.decide(FIRST_WINDOW_BYTES / 2)).toBe(false);
    expect(pace.decide(1e9)).toBe(true);
    expect(pace.decide(undefined)).toBe(false);
  });

  it('learns a window of 150 ms from who draws, within its bounds', () => {
    const windowFor = (bytesPerMs: number) => {
      const pace = new Pace();
      for (let ms = 0; ms < 5_000; ms += 20) {
        pace.decide(1e9);
        pace.drew(bytesPerMs * 20, ms);
      }
      return pace.windowBytes;
    };
    expect(windowFor(1)).toBe(16 * 1024);
    expect(windowFor(1_000) / 150_000).toBeCloseTo(1.1, 0);
    expect(windowFor(100_000)).toBe(512 * 1024);
  });

  it('is set by who types, else by the fastest that is heard of', () => {
    const viewers = new Viewers();
    viewers.attach(SAM, 10, 0);
    viewers.attach(KIM, 50, 0);
    viewers.attach(VERA, 90, 0);
    expect(viewers.pacer(SAM, 1_000)).toEqual({ uid: SAM, drawn: 10 });
    expect(viewers.pacer(undefined, 1_000)).toEqual({ uid: VERA, drawn: 90 });
    viewers.drew(KIM, 60, 5_500, 100);
    expect(viewers.pacer(SAM, 6_000)).toEqual({ uid: KIM, drawn: 60 });
    expect(viewers.pacer(SAM, 20_000)).toBeUndefined();
    expect(viewers.dropSilent(11_000)).toBe(true);
    expect(viewers.names).toEqual(['kim']);
  });

  it('is not set by who held the program up for too long, until they have caught up', () => {
    const viewers = new Viewers();
    viewers.attach(SAM, 10, 0);
    viewers.attach(KIM, 50, 0);
    expect(viewers.pacer(undefined, 4_000, 1_000)?.uid).toBe(KIM);
    expect(viewers.pacer(undefined, 4_001, 1_000)).toBeUndefined();
    expect(viewers.pacer(SAM, 1_000)?.uid).toBe(SAM);
    viewers.drew(KIM, 60, 1_000, 100);
    expect(viewers.pacer(undefined, 1_000)?.uid).toBe(KIM);
  });

  it('leaves places for others, however many pages one person opens', () => {
    const viewers = new Viewers();
    const page = (index: number) => `guest_${index.toString(16).padStart(24, '0')}`;
    for (let index = 0; index < 64; index++) viewers.attach(page(index), 0, 0);
    expect(() => viewers.attach(page(64), 0, 0)).toThrow('64 pages watch this terminal');
    viewers.attach(page(0), 5, 0);
    viewers.attach(SAM, 0, 0);
    expect(viewers.size).toBe(65);
  });
});

describe('who only watches', () => {
  it('cannot stop the program by drawing nothing', async () => {
    vi.useFakeTimers();
    const told: string[] = [];
    let events: ProgramEvents | undefined;
    const session = new Session({
      cols: 80,
      rows: 24,
      sid: '0'.repeat(32),
      target: { kind: 'attach', deployment: 'news', service: 'ticker' },
      start: async (_, given) => {
        events = given;
        const tell = (word: string) => () => void told.push(word);
        return {
          write: () => undefined,
          resize: () => undefined,
          end: () => undefined,
          pause: tell('waits'),
          resume: tell('runs'),
        };
      },
      publish: () => undefined,
      beginRecording: () => Promise.reject(new Error('nobody types')),
      onEnd: () => undefined,
      onWriter: () => undefined,
      onRecorded: () => undefined,
    });
    await session.start();
    session.acknowledge(KIM, 0);
    events!.onData(Buffer.alloc(FIRST_WINDOW_BYTES + 1, 'x'));
    expect(told).toEqual(['waits']);
    for (let round = 0; round < 10; round++) {
      await vi.advanceTimersByTimeAsync(500);
      session.acknowledge(KIM, 0);
      session.tick();
    }
    expect(told).toEqual(['waits', 'runs']);
    events!.onData(Buffer.alloc(FIRST_WINDOW_BYTES, 'x'));
    expect(told).toEqual(['waits', 'runs']);
    session.acknowledge(KIM, 2 * FIRST_WINDOW_BYTES + 1);
    events!.onData(Buffer.alloc(FIRST_WINDOW_BYTES + 1, 'x'));
    expect(told).toEqual(['waits', 'runs', 'waits']);
    session.dispose();
    vi.useRealTimers();
  });
});

describe('control', () => {
  it('is taken at once where nobody types, passes after 5 s of silence, and stays with who keeps it', () => {
    const control = new Control();
    control.take(SAM, 0);
    control.take(KIM, 100);
    expect(control.writer).toBe(SAM);
    expect(() => control.take(VERA, 200)).toThrow('kim has already asked');
    control.keep(SAM);
    control.take(KIM, 1_000);
    expect(control.asking(2_000)).toEqual({ uid: KIM, untilMs: 4_000 });
    expect(control.tick(5_999)).toBe(false);
    expect(control.tick(6_000)).toBe(true);
    expect(control.writer).toBe(KIM);
    expect(() => control.give(SAM, 6_100)).toThrow('Only who types');
  });

  it('is free when the writer is gone, and goes to who asks when it is released', () => {
    const control = new Control();
    control.take(SAM, 0);
    control.heard(SAM, 5_000);
    expect(control.tick(15_000)).toBe(false);
    expect(control.tick(15_001)).toBe(true);
    expect(control.writer).toBeUndefined();
    control.take(SAM, 20_000);
    control.take(KIM, 20_001);
    control.release(SAM, 20_002);
    expect(control.writer).toBe(KIM);
  });

  it('passes at once between two pages of one person', () => {
    const control = new Control();
    const other = `sam_${'1'.repeat(24)}`;
    control.take(SAM, 0);
    control.take(other, 1);
    expect(control.writer).toBe(other);
  });
});

describe('output', () => {
  it('goes out in frames of at most 32 KB that follow each other, and keeps the last half megabyte', () => {
    const sent: Uint8Array[] = [];
    const output = new Output((message) => sent.push(message));
    const all = Buffer.alloc(1_500_000, 'abcdefghijklmnopqrstuvwxyz');
    for (let at = 0; at < all.length; at += 70_001) output.push(all.subarray(at, at + 70_001));
    output.flush();
    const frames = sent.map((message) => decodeFrame(message)!);
    let offset = 0;
    for (const { endOffset, payload } of frames) {
      offset += payload.length;
      expect(endOffset).toBe(offset);
      expect(payload.length).toBeLessThanOrEqual(32 * 1024);
    }
    expect(Buffer.concat(frames.map(({ payload }) => payload)).equals(all)).toBe(true);
    expect(output.since(all.length - RING_BYTES)?.equals(all.subarray(-RING_BYTES))).toBe(true);
    expect(output.since(0)).toBeUndefined();
    expect(output.since(all.length + 1)).toBeUndefined();
  });
});
