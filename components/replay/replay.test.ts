import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Recording } from '#contracts/recording.ts';
import { findIn, parseCast, textOf } from './cast.ts';
import { indexAt, parseLapse } from './lapse.ts';
import { nextSpeed, replayKey } from './replay-keys.ts';
import { activity, chaptersOf, idleSpans, neighbourOf, overIdle, playTime, typedBy } from './timeline.ts';

const CAST = [
  '{"version":3,"term":{"cols":100,"rows":30,"type":"xterm-256color"},"timestamp":1763640000}',
  '[0.5,"o","\\u001b[1m$ \\u001b[0m"]',
  '[1,"o","ec"]',
  '[0.25,"o","ho er"]',
  '[0.25,"o","ror\\r\\n"]',
  '[10,"r","120x40"]',
  '[1,"o","\\u001b]0;error in a title\\u0007ERROR\\r\\n"]',
  '[2,"x","0"]',
  '[1,"o","cut in the mid',
].join('\n');

describe('a recording of a terminal', () => {
  const cast = parseCast(CAST)!;

  it('is read with its own times and sizes', () => {
    expect(cast).toMatchObject({ cols: 100, rows: 30, lengthS: 15 });
    expect(cast.events.map(({ t, kind }) => [t, kind])).toEqual([
      [0.5, 'output'],
      [1.5, 'output'],
      [1.75, 'output'],
      [2, 'output'],
      [12, 'size'],
      [13, 'output'],
    ]);
  });

  it('is found by what stood on the screen, also over pieces, not by what was never shown', () => {
    expect(findIn(textOf(cast), 'error')).toEqual({ times: [2, 13], more: false });
    expect(findIn(textOf(cast), 'title').times).toEqual([]);
    expect(findIn(textOf(cast), ' ').times).toEqual([]);
  });

  it('is not what another file is', () => {
    expect(parseCast('')).toBeUndefined();
    expect(parseCast('{"version":2}\n[0,"o","x"]')).toBeUndefined();
    expect(parseCast('<html>')).toBeUndefined();
  });

  it('takes no size that a page could not draw', () => {
    const huge = parseCast('{"version":3,"term":{"cols":1e9,"rows":-4}}\n[0,"r","99999x1"]\n[0,"r","9999x9999"]')!;
    expect(huge).toMatchObject({ cols: 500, rows: 24 });
    expect(huge.events).toHaveLength(1);
  });
});

describe('time in a recording', () => {
  const spans = idleSpans([0.5, 1, 11, 12], 30);

  it('knows its pauses, and skips them but for the end', () => {
    expect(spans).toEqual([
      { from: 1.5, to: 10.5 },
      { from: 12.5, to: 29.5 },
    ]);
    expect(overIdle(5, spans)).toBe(10.5);
    expect(overIdle(11, spans)).toBe(11);
  });

  it('never goes back over a pause', () => {
    const times = fc
      .array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 30 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 100, noNaN: true }), (events, t) => {
        const over = overIdle(t, idleSpans(events, 100));
        expect(over).toBeGreaterThanOrEqual(t);
        expect(over).toBeLessThanOrEqual(100);
        // Nothing that happens is jumped over.
        for (const event of events) expect(event > t && event < over).toBe(false);
      }),
    );
  });

  it('is drawn as what happens when', () => {
    expect(activity([0, 0, 0, 0, 9.9], 10, 2)).toEqual([1, 0.5]);
    expect(activity([], 0, 2)).toEqual([0, 0]);
  });

  it('leads to the next chapter or hit', () => {
    expect(neighbourOf([1, 5, 9], 5, 1)).toBe(9);
    expect(neighbourOf([1, 5, 9], 5, -1)).toBe(1);
    expect(neighbourOf([1, 5, 9], 9, 1)).toBeUndefined();
  });

  it('is said as minutes and seconds', () => {
    expect(playTime(200)).toBe('03:20');
    expect(playTime(3_800)).toBe('1:03:20');
  });
});

describe('chapters', () => {
  const recording: Recording = {
    id: '0123456789abcdef01234567',
    device: 'alice',
    kind: 'terminal',
    target: { kind: 'host' },
    startedAt: '2026-11-20T14:00:00.000Z',
    endedAt: '2026-11-20T14:26:00.000Z',
    bytes: 1,
    people: [
      { name: 'sam', from: '2026-11-20T14:00:00.000Z', to: '2026-11-20T14:04:00.000Z' },
      { name: 'kim', from: '2026-11-20T14:09:00.000Z', to: '2026-11-20T14:26:00.000Z' },
    ],
    truncated: false,
  };
  it('say who took control when', () =>
    expect(chaptersOf(recording, 26 * 60).map(({ t, words }) => [t, words])).toEqual([
      [0, 'sam took control'],
      [240, 'sam stopped typing'],
      [540, 'kim took control'],
    ]));
  it('add up who typed how long', () =>
    expect(typedBy(recording)).toEqual([
      { name: 'kim', ms: 17 * 60_000 },
      { name: 'sam', ms: 4 * 60_000 },
    ]));
});

describe('a time-lapse', () => {
  it('is read line by line, whatever is broken', () =>
    expect(parseLapse('{"t":1,"jpeg":"YQ=="}\nnonsense\n{"t":0,"jpeg":"Yg=="}\n{"t":-1,"jpeg":""}\n')).toEqual({
      lengthS: 1,
      times: [0, 1],
      pictures: ['Yg==', 'YQ=='],
    }));
  it('is as long as it was recorded, also where the desktop stood still at the end', () => {
    expect(parseLapse('{"t":1,"jpeg":"YQ=="}', 28).lengthS).toBe(28);
    expect(parseLapse('', 28).lengthS).toBe(0);
  });
  it('shows the last picture that was taken', () => {
    expect(indexAt([0, 1, 2], 1.5)).toBe(1);
    expect(indexAt([1, 2], 0.5)).toBe(-1);
  });
});

describe('keys of a replay', () => {
  it.each([
    [' ', false, { kind: 'toggle' }],
    ['ArrowLeft', false, { kind: 'by', seconds: -5 }],
    ['ArrowRight', true, { kind: 'by', share: 0.1 }],
    ['7', false, { kind: 'to', share: 0.7 }],
    ['.', false, { kind: 'frame', step: 1 }],
    ['c', false, { kind: 'copy' }],
  ])('%s', (key, shift, action) => expect(replayKey(key, shift)).toEqual(action));
  it('keep the speed within bounds', () => {
    expect(nextSpeed(1, 1)).toBe(1.5);
    expect(nextSpeed(16, 1)).toBe(16);
    expect(nextSpeed(0.25, -1)).toBe(0.25);
  });
});
