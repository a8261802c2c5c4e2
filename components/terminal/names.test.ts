import { describe, expect, it } from 'vitest';
import type { TerminalState, TerminalTarget } from '#contracts/stream/terminal.ts';
import { watchingWords } from './bar-words.ts';
import { firstSession, namedSessions } from './names.ts';

const session = (sid: string, startedAt: string, target: TerminalTarget = { kind: 'host' }): TerminalState => ({
  sid,
  target,
  startedAt,
  cols: 80,
  rows: 24,
  viewers: [],
  recording: false,
});
const web: TerminalTarget = { kind: 'exec', deployment: 'hello', service: 'web' };
const all = [session('b', '2026-02'), session('a', '2026-01'), session('c', '2026-03', web)];

describe('sessions', () => {
  it('are called after what they are, with a number where a name stands twice', () =>
    expect(namedSessions(all).map(({ name }) => name)).toEqual(['Shell', 'Shell 2', 'Shell in web']));

  it('open at the chosen one, at the service asked for, or at the newest', () => {
    expect(firstSession(all, 'a', {})?.sid).toBe('a');
    expect(firstSession(all, 'gone', {})?.sid).toBe('c');
    expect(firstSession(all, undefined, { deployment: 'hello', service: 'web' })?.sid).toBe('c');
    expect(firstSession(all, undefined, { deployment: 'hello', service: 'other' })).toBeUndefined();
    expect(firstSession([], undefined, {})).toBeUndefined();
  });

  it('that ended come after those that run', () => {
    const ended = { ...session('d', '2026-04'), ended: { at: '2026-05-01T00:00:00Z' } };
    expect(firstSession([...all, ended], undefined, {})?.sid).toBe('c');
    expect(firstSession([ended], undefined, {})?.sid).toBe('d');
  });
});

describe('the bottom bar', () => {
  const kim = { uid: 'kim_1', name: 'kim' };
  const watching = {
    device: 'Alice',
    state: session('a', ''),
    uid: 'sam_1',
    mayDrive: true,
    guest: false,
    wanting: false,
    ended: false,
  };
  const kimTypes = { ...watching, state: { ...watching.state, writer: kim } };
  it.each([
    [watching, 'You are watching. Press t to type.'],
    [kimTypes, 'You are watching. kim types. Press t to ask for control.'],
    [{ ...kimTypes, wanting: true }, 'You asked for control. kim may keep it.'],
    [
      { ...kimTypes, state: { ...kimTypes.state, asking: { uid: 'lu_1', name: 'lu', untilMs: 5_000 } } },
      'You are watching. lu asked kim for control.',
    ],
    [{ ...kimTypes, mayDrive: false }, 'You are watching. kim types. Your role only watches: ask an admin to make you operator.'],
    [{ ...kimTypes, mayDrive: false, guest: true }, 'You are watching. kim types.'],
    [{ ...watching, ended: true }, 'This terminal of Alice has ended.'],
  ])('says %#', (situation, words) => expect(watchingWords(situation)).toBe(words));
});
