import { expect, it } from 'vitest';
import { targetSentence } from './target-sentence.ts';

const device = (name: string, health: 'running' | 'offline' = 'running') => ({ name, labels: {}, seat: 0, health });
const fleet = [device('alice'), device('aria'), device('shellfish', 'offline')];

it.each([
  ['1 device.', ['alice'], false],
  ['2 devices: Alice and Aria.', ['alice', 'aria'], true],
  ['2 devices. Shellfish is offline – it will catch up.', ['alice', 'shellfish'], false],
  ['2 devices. Ghost is not on the wall – it will catch up.', ['alice', 'ghost'], false],
  ['3 devices. Shellfish and Ghost are not there now – they will catch up.', ['alice', 'shellfish', 'ghost'], false],
  ['2 devices: Shellfish and Ghost. None of them is there now – they will catch up.', ['shellfish', 'ghost'], true],
])('%s', (words, targets, list) => expect(targetSentence(targets, fleet, list)).toBe(words));
