import { expect, it } from 'vitest';
import { JOIN_STAGES, type JoinStage, type JoinView } from '#contracts/api-identity.ts';
import { joinSteps } from './join-steps.ts';

const join = (stage: JoinStage, more: Partial<JoinView> = {}): JoinView => ({
  tid: '0123456789abcdef',
  stage,
  approval: true,
  createdAt: '2026-11-21T12:00:00.000Z',
  createdBy: 'owner',
  expiresAt: '2026-11-21T13:00:00.000Z',
  ...more,
});
const states = (view: JoinView, failedAt?: JoinStage) =>
  joinSteps(view, failedAt)
    .map(({ state }) => state)
    .join(' ');

it.each([
  ['waiting', 'now next next next'],
  ['contacted', 'done now next next'],
  ['podman', 'done now next next'],
  ['enrolling', 'done done now next'],
  ['approval', 'done done now next'],
  ['connecting', 'done done done now'],
  ['ready', 'done done done done'],
] as const)('%s: %s', (stage, expected) => expect(states(join(stage))).toBe(expected));

it('what failed says why, and what came before it stays done', () => {
  const failed = join('failed', { message: 'This is a 32-bit system (armv7). The agent needs 64-bit.' });
  expect(states(failed, 'checking')).toBe('done failed next next');
  expect(joinSteps(failed, 'checking')[1]?.text).toBe('This is a 32-bit system (armv7). The agent needs 64-bit.');
  expect(states(failed, 'enrolling')).toBe('done done failed next');
});

it('greets the device by its name, and every line has words in every stage', () => {
  expect(joinSteps(join('ready', { device: 'shellfish' })).at(-1)?.text).toBe('Welcome, Shellfish.');
  for (const stage of JOIN_STAGES)
    for (const { text, state } of joinSteps(join(stage))) if (state !== 'next') expect(text).not.toBe('');
});
