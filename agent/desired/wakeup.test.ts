import { describe, expect, it } from 'vitest';
import { Wakeup } from './wakeup.ts';

const never = new AbortController().signal;

describe('a wake-up', () => {
  it('ends a sleep', async () => {
    const wakeup = new Wakeup();
    const sleeping = wakeup.wait(60_000, never);
    wakeup.wake();
    expect(await sleeping).toBe(true);
  });

  it('that came before is kept once, however often it came', async () => {
    const wakeup = new Wakeup();
    wakeup.wake();
    wakeup.wake();
    expect(await wakeup.wait(60_000, never)).toBe(true);
    expect(await wakeup.wait(1, never)).toBe(false);
  });

  it('is not needed where the signal aborts', async () => {
    const abort = new AbortController();
    const sleeping = new Wakeup().wait(60_000, abort.signal);
    abort.abort();
    expect(await sleeping).toBe(false);
    expect(await new Wakeup().wait(60_000, abort.signal)).toBe(false);
  });
});
