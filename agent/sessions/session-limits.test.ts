import { expect, it } from 'vitest';
import { LIMIT } from '#contracts/stream/session.ts';
import { SessionLimits } from './session-limits.ts';

it('gives one person a bounded number of places, and a place back once', () => {
  const limits = new SessionLimits();
  const sams = Array.from({ length: LIMIT.sessionsPerPerson }, () => limits.admit('sam'));
  expect(() => limits.admit('sam')).toThrow(/You have 16 logs/);
  limits.admit('kim');
  sams[0]!();
  sams[0]!();
  limits.admit('sam');
  expect(() => limits.admit('sam')).toThrow(/is the limit/);
});

it('gives all people together a bounded number of places', () => {
  const limits = new SessionLimits();
  for (let index = 0; index < LIMIT.sessionsPerDevice; index++) limits.admit(`person-${index}`);
  expect(() => limits.admit('late')).toThrow(expect.objectContaining({ code: 'too-many' }));
});
