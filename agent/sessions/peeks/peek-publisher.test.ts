import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PeekPace, PeekSink } from './peek-feed.ts';
import { TickingFeed } from './peek-feed.ts';
import { PeekPublisher } from './peek-publisher.ts';

const pace: PeekPace = { fps: 1, width: 480, height: 300, rows: 20 };

/** A publisher of something that changes `changing`, and what went out. */
function setUp(changing = true) {
  const sent: { at: number; whole: boolean; bytes: number }[] = [];
  const world = { changing, size: 100, connected: true, stopped: 0, arrives: () => Promise.resolve() };
  let whole = false;
  const publisher = new PeekPublisher(
    {
      start: (first: PeekPace, sink: PeekSink) =>
        new TickingFeed(
          first,
          sink,
          (isWhole) => {
            whole = isWhole;
            return isWhole || world.changing ? new Uint8Array(world.size) : undefined;
          },
          () => world.stopped++,
        ),
      publish: (bytes) => {
        if (!world.connected) return undefined;
        sent.push({ at: performance.now(), whole, bytes: bytes.length });
        return world.arrives();
      },
    },
    'kim',
    pace,
  );
  return { publisher, sent, world };
}

describe('one face, drawn for all who look', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('goes at the pace of the most eager viewer, never above four a second', async () => {
    const { publisher, sent } = setUp();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent.length).toBeLessThanOrEqual(6);
    publisher.lease('sam', { ...pace, fps: 50 }, false);
    const before = sent.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent.length - before).toBeGreaterThan(15);
    expect(sent.length - before).toBeLessThanOrEqual(22);
    publisher.drop('sam');
    await vi.advanceTimersByTimeAsync(1_000);
    const slow = sent.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent.length - slow).toBeLessThanOrEqual(6);
  });

  it('ends with its last lease', async () => {
    const { publisher, sent, world } = setUp();
    publisher.lease('sam', pace, false);
    await vi.advanceTimersByTimeAsync(14_000);
    publisher.lease('sam', pace, false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(publisher.expire()).toBe(true);
    expect(publisher.isLeasedTo('kim')).toBe(false);
    await vi.advanceTimersByTimeAsync(13_500);
    expect(publisher.expire()).toBe(false);
    publisher.stop();
    expect(world.stopped).toBe(1);
    const last = sent.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.length).toBe(last);
  });

  it('says nothing while nothing changes, but the first picture and what is asked for anew', async () => {
    const { publisher, sent } = setUp(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toMatchObject([{ whole: true }]);
    publisher.lease('kim', pace, false);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(sent).toHaveLength(1);
    publisher.lease('kim', pace, true);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(sent).toHaveLength(2);
    publisher.lease('sam', pace, false);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(sent).toHaveLength(3);
  });

  it('drops pictures beyond its bytes a second, and those for which the link has no room', async () => {
    const { publisher, sent, world } = setUp();
    world.size = 100 * 1024;
    publisher.lease('kim', { ...pace, fps: 4 }, false);
    await vi.advanceTimersByTimeAsync(10_000);
    const bytes = sent.reduce((sum, one) => sum + one.bytes, 0);
    expect(bytes).toBeLessThan(11 * 64 * 1024 + world.size);
    expect(bytes).toBeGreaterThan(9 * 64 * 1024 - world.size);
    world.size = 100;
    world.arrives = () => new Promise(() => undefined);
    await vi.advanceTimersByTimeAsync(3_000);
    const stuck = sent.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.length).toBe(stuck);
  });

  it('sends a whole picture after one that was lost on this side', async () => {
    const { sent, world } = setUp(false);
    world.connected = false;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(sent).toHaveLength(0);
    world.connected = true;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(sent).toMatchObject([{ whole: true }]);
  });
});
