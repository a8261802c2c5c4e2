import { expect, it } from 'vitest';
import { LIMIT } from '#contracts/stream/session.ts';
import { SessionPlaces } from './session-places.ts';

it('gives one person a bounded number of places, and a place back once', () => {
  const places = new SessionPlaces();
  const sams = Array.from({ length: LIMIT.sessionsPerPerson }, () => places.take('sam'));
  expect(() => places.take('sam')).toThrow(/sam already watches 16/);
  places.take('kim');
  sams[0]!();
  sams[0]!();
  places.take('sam');
  expect(() => places.take('sam')).toThrow(/as many as it gives to one person/);
});

it('gives all people together a bounded number of places', () => {
  const places = new SessionPlaces();
  for (let index = 0; index < LIMIT.sessionsPerDevice; index++) places.take(`person-${index}`);
  expect(() => places.take('late')).toThrow(expect.objectContaining({ code: 'too-many' }));
});
