import { describe, expect, it } from 'vitest';
import { type Budget, type Explored, explore } from './explore.ts';
import { symbolicCrypto } from './symbolic-crypto.ts';
import { type Flaw, makeRules } from './world.ts';

const NOTHING: Budget = {
  ...{ rotations: 0, crashes: 0, losses: 0, delays: 0, duplicates: 0, ticks: 0, restarts: 0, copies: 0 },
  ...{ badCard: false, lostTail: false },
};
const look = (budget: Partial<Budget>, flaw?: Flaw): Explored =>
  explore(makeRules(symbolicCrypto(), flaw), { ...NOTHING, ...budget });
/** The bounds of the decision record: minutes instead of seconds. */
const deep = process.env.ROADCHAIN_DEEP === '1';
const GENEROUS_MS = deep ? 3_600_000 : 120_000;

/** What may go wrong, in each world of its own; the states are what the search must at least have seen. */
const HONEST: [string, Partial<Budget>, Partial<Budget>, number][] = [
  ['power cuts and lost messages', { rotations: 1, crashes: 1, losses: 1 }, { rotations: 2, crashes: 2, losses: 2 }, 500],
  [
    'late and doubled messages',
    { rotations: 1, delays: 1, duplicates: 1 },
    { rotations: 1, crashes: 1, delays: 2, duplicates: 1 },
    300,
  ],
  [
    'ticks that overtake each other',
    { rotations: 1, delays: 1, ticks: 1 },
    { rotations: 1, crashes: 1, delays: 2, ticks: 1 },
    200,
  ],
  [
    'a card that loses its last write',
    { rotations: 1, crashes: 2, badCard: true },
    { rotations: 2, crashes: 3, badCard: true },
    500,
  ],
  [
    'a hub that restarts',
    { rotations: 1, restarts: 1, losses: 1 },
    { rotations: 1, crashes: 1, restarts: 1, delays: 1, losses: 1 },
    300,
  ],
  [
    'a hub that loses the end of its ledger',
    { rotations: 2, delays: 1, restarts: 1, lostTail: true },
    { rotations: 2, crashes: 1, restarts: 2, lostTail: true, delays: 1 },
    500,
  ],
  [
    'a lost end of the ledger that late messages write again',
    { rotations: 1, duplicates: 1, restarts: 1, lostTail: true },
    { rotations: 1, crashes: 1, duplicates: 2, restarts: 1, lostTail: true },
    300,
  ],
];
const COPIED: [string, Partial<Budget>, number][] = [
  ['at any moment', { rotations: deep ? 2 : 1, copies: 1 }, 500],
  ['of a device that is not asked to rotate, at ticks', { copies: 1, losses: 1, ticks: 1 }, 50],
  ...(deep
    ? ([
        ['with a power cut', { rotations: 1, copies: 1, crashes: 2, badCard: true }, 500],
        ['with late messages', { rotations: 1, copies: 1, delays: 1, ticks: 1 }, 500],
        ['and a hub that loses the end of its ledger', { rotations: 1, copies: 1, restarts: 1, lostTail: true }, 500],
      ] as [string, Partial<Budget>, number][])
    : []),
];

describe('every state of a bounded world, S39', () => {
  it.each(HONEST)('no lock-out and no accusation with %s', { timeout: GENEROUS_MS }, (what, quick, long, atLeast) => {
    const explored = look(deep ? long : quick);
    if (deep) console.info(`${what}: ${explored.states} states`);
    expect(explored.broken).toBeUndefined();
    expect(explored.states).toBeGreaterThan(atLeast);
  });

  it.each(COPIED)('every contact of a copy is found: copied %s', { timeout: GENEROUS_MS }, (what, budget, atLeast) => {
    const explored = look(budget);
    if (deep)
      console.info(`copied ${what}: ${explored.states} states, ${explored.contacts} contacts, ${explored.choices} choices`);
    expect(explored.broken).toBeUndefined();
    expect(explored.silent).toBe(0);
    expect(explored.contacts).toBeGreaterThan(atLeast);
    expect(explored.choices).toBeGreaterThan(0);
  });
});

describe('the search finds what is wrong with simpler designs', () => {
  it.each<[string, Flaw, Partial<Budget>]>([
    ['writing the new key only when it counts', 'no-write-ahead', { rotations: 1, crashes: 1 }],
    ['not waiting until the card has settled', 'no-settle', { rotations: 1, crashes: 1, badCard: true }],
    ['not giving the hub back what it lost', 'no-receipts', { rotations: 1, restarts: 1, lostTail: true }],
  ])('%s locks the device out', (_, flaw, budget) => {
    const { broken } = look(budget, flaw);
    expect(broken?.at(-1)).toMatch(/locked out|contested without a copy/);
    expect(look(budget).broken).toBeUndefined();
  });
});
