import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Coalesced } from './coalesced.ts';

it('shares runs, never overlaps, and comes back after a failure', async () => {
  const stop = new AbortController();
  let running = 0;
  let runs = 0;
  const errors: string[] = [];
  const loop = new Coalesced({
    job: async () => {
      running += 1;
      expect(running).toBe(1);
      runs += 1;
      if (runs === 1) for (let i = 0; i < 5; i++) loop.request();
      await turn();
      running -= 1;
      if (runs === 2) throw new Error('once');
      if (runs === 3) stop.abort();
    },
    settleMs: 1,
    retryMs: 1,
    onError: (error) => errors.push((error as Error).message),
  });
  loop.request();
  await loop.run(stop.signal);
  expect({ runs, errors }).toEqual({ runs: 3, errors: ['once'] });
});
