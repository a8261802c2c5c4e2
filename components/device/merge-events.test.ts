import { expect, it } from 'vitest';
import type { DeviceEvent } from '#contracts/event.ts';
import { mergeEvents } from './merge-events.ts';

const event = (second: number, message = `event ${second}`): DeviceEvent => ({
  device: 'alice',
  at: `2026-11-20T14:00:${String(second).padStart(2, '0')}Z`,
  kind: 'started',
  message,
});

it('shows each event once, newest first', () => {
  const merged = mergeEvents([event(3), event(2)], [event(1), event(2), event(2, 'another at the same time')]);
  expect(merged.map((one) => one.message)).toEqual(['event 3', 'event 2', 'another at the same time', 'event 1']);
});
