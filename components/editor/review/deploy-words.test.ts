import { describe, expect, it } from 'vitest';
import { deployWords, dryRunSum, nothingToChange } from './deploy-words.ts';

const target = (device: string, online = true, known = true) => ({ device, online, known });
const all = [target('alice'), target('aria'), target('octavia')];

describe('the deploy button', () => {
  it.each([
    ['Deploy to 3 devices', all, []],
    ['Deploy to 1 device', all.slice(0, 1), []],
    ['Deploy to 2 now, 1 later', [...all.slice(0, 2), target('shellfish', false)], []],
    ['Deploy to 1 device later', [target('ghost', false, false)], []],
    ['Save: no device gets it yet', [], []],
    ['Remove from 2 devices', [], ['alice', 'aria']],
  ])('%s', (words, targets, removedFrom) => expect(deployWords({ targets, removedFrom })).toBe(words));
});

describe('the sum of the dry run', () => {
  it.each([
    ['3 devices: all get it now.', all, []],
    ['1 device: it gets it now.', all.slice(0, 1), []],
    ['2 devices: 1 now. Shellfish is offline and will catch up.', [target('alice'), target('shellfish', false)], []],
    ['1 device: 0 now. Ghost is not on the wall; it waits for it.', [target('ghost', false, false)], []],
    ['1 device: it gets it now. Aria and Octavia lose it and stop its services.', all.slice(0, 1), ['aria', 'octavia']],
  ])('%s', (words, targets, removedFrom) => expect(dryRunSum({ targets, removedFrom })).toBe(words));
});

it('says where it runs when nothing would change', () =>
  expect(nothingToChange({ targets: 3, running: 2, updating: 1, attention: 0, failed: 0, offline: 0 })).toBe(
    'Nothing to change: this already runs on 2 of 3 devices.',
  ));
