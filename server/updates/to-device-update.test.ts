import { expect, it } from 'vitest';
import { byHandReason } from './to-device-update.ts';

const agent = (version: string) => ({
  version,
  startedAt: '2026-11-21T10:00:00.000Z',
  credentials: 'roadchain' as const,
  update: { state: 'ready' as const },
});

it('a device that calls its agent by a name without end is in no rollout, so that it stops none', () => {
  expect(byHandReason({ device: 'd', hasChain: true, agent: agent('0.1.0+20261121.1640') })).toBeUndefined();
  expect(byHandReason({ device: 'd', hasChain: true, agent: agent('9'.repeat(500_000)) })).toContain('no offer can hold');
});
