import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../node/crypto.ts';
import { dice } from './dice.ts';
import {
  act,
  boot,
  calm,
  crash,
  deliver,
  deviceAt,
  hear,
  isContested,
  isLive,
  makeRules,
  makeWorld,
  type Rules,
  restartAnchor,
  settle,
  type World,
} from './world.ts';

const SEEDS = 20;
type Move = (rules: Rules, world: World) => World;
const arrives: Move = (rules, world) => deliver(rules, world, world.requests.length - 1);
const hears: Move = (rules, world) => hear(rules, world, 0);

/** A rotation, step by step. The power goes after each of them once. */
const ROTATION: [string, Move][] = [
  ['the start', (rules, world) => boot(rules, world, 0)],
  ['hello reached the hub', arrives],
  ['the challenge came', hears],
  ['the hub ordered a rotation', (rules, world) => deliver(rules, world, world.requests.length - 1, { rotate: true })],
  ['the pending link was written', hears],
  ['PREPARE was sent', (rules, world) => act(rules, world, 0)],
  ['the hub stored the pending link', arrives],
  ['PREPARED came', hears],
  ['the card has settled, COMMIT was sent', (rules, world) => settle(rules, world, 0)],
  ['the hub appended the link', arrives],
  ['COMMITTED came and was written', hears],
  ['hello of the new key was sent', (rules, world) => act(rules, world, 0)],
  ['hello of the new key reached the hub', arrives],
];

describe('a power cut during a rotation never locks out and never accuses', () => {
  it.each(ROTATION.map(([after], cut) => [after, cut] as const))('after %s', (_, cut) => {
    const rules = makeRules(nodeCrypto);
    let before = makeWorld(rules);
    for (const [, move] of ROTATION.slice(0, cut + 1)) before = move(rules, before);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const roll = dice(seed * 1000 + cut);
      // Whether a bad card loses its last write, the hub restarts too, and what is under way arrives is up to the seed.
      let world = crash(before, 0, roll(2) === 0);
      if (roll(3) === 0) world = restartAnchor(rules, world, 0);
      if (roll(2) === 0 && world.requests.length > 0) world = deliver(rules, world, 0);
      const back = calm(rules, world, [0], (now) => isLive(rules, now, 0));
      expect(back, `seed ${seed}`).toBeDefined();
      expect(back && isContested(back), `seed ${seed}`).toBe(false);
      expect(deviceAt(back as World, 0).machine?.state.pending, `seed ${seed}`).toBeUndefined();
    }
  });
});
