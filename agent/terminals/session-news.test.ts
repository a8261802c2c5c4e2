import { expect, it } from 'vitest';
import { encodeFrame, FRAME_KIND } from '#contracts/stream/frame.ts';
import { SessionNews } from './session-news.ts';

const SID = '00112233445566778899aabbccddeeff';
const frame = (kind: 1 | 2, text: string) => encodeFrame({ kind, endOffset: 7, payload: new TextEncoder().encode(text) });
const state = (more: object = {}) =>
  frame(
    FRAME_KIND.state,
    JSON.stringify({
      sid: SID,
      target: { kind: 'host' },
      startedAt: '2026-03-03T10:00:00.000Z',
      cols: 80,
      rows: 24,
      viewers: [],
      recording: false,
      ...more,
    }),
  );
const sam = { writer: { uid: `sam_${'a'.repeat(24)}`, name: 'sam' } };

it('tells of a new session, of each who types from then on, and of the end, once each', () => {
  const news = new SessionNews();
  const told = [
    state(),
    state({ viewers: ['kim'] }),
    state(sam),
    state({ ...sam, cols: 100 }),
    state(),
    state({ ended: { at: '2026-03-03T11:00:00.000Z' } }),
  ].map((message) => news.hear(SID, message));
  expect(told).toEqual([true, false, true, false, true, true]);
});

it('passes over output and over what is no state', () => {
  const news = new SessionNews();
  expect(
    [frame(FRAME_KIND.data, 'hello'), frame(FRAME_KIND.state, '{'), new Uint8Array()].map((one) => news.hear(SID, one)),
  ).toEqual([false, false, false]);
});
