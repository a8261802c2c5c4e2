import { describe, expect, it } from 'vitest';
import { readWallMessage, type WallMessage } from './wall-message.ts';

const clock = { nowMs: 1_000, offsetMs: 500 };
const message = (subject: string, body: unknown, more: Partial<WallMessage> = {}): WallMessage => ({
  subject,
  text: JSON.stringify(body),
  sequence: 7,
  deleted: false,
  ...more,
});

describe('a live message', () => {
  it('is about the device in its subject, whatever the body says', () => {
    const body = { device: 'octavia', at: '2026-01-01T00:00:00.000Z', kind: 'started', message: 'I am Octavia' };
    expect(readWallMessage(message('wall.event.alice', body), clock)).toMatchObject({
      name: 'alice',
      event: { device: 'alice' },
    });
  });

  it('is dropped if it cannot be read', () => {
    expect(readWallMessage(message('wall.status.alice', { device: 'alice' }), clock)).toBeUndefined();
    expect(readWallMessage({ ...message('wall.status.alice', {}), text: '{' }, clock)).toBeUndefined();
    expect(readWallMessage(message('wall.deployment.hello', {}, { sequence: undefined, deleted: true }), clock)).toBeUndefined();
  });

  it('takes away what was deleted', () => {
    expect(readWallMessage(message('wall.deployment.hello', '', { deleted: true }), clock)).toEqual({
      kind: 'deployment',
      name: 'hello',
      revision: 7,
      deployment: undefined,
    });
  });

  it('tells a deployment from its status', () => {
    const status = {
      observedGeneration: 1,
      observedScoreString: '{}',
      conditions: [],
      aggregate: { targets: 1, running: 1, updating: 0, attention: 0, failed: 0, offline: 0 },
    };
    expect(readWallMessage(message('wall.deployment.hello.status', status), clock)).toMatchObject({
      kind: 'deployment-status',
      name: 'hello',
    });
  });

  it('reads the time of a connection by this clock', () => {
    const presence = { device: 'alice', connected: true, at: new Date(10_000).toISOString() };
    expect(readWallMessage(message('wall.presence.alice', presence, { sequence: undefined }), clock)).toMatchObject({
      atMs: 10_500,
    });
  });
});
