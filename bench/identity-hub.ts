/** What the benches of identity share: quick settings of the hub, and devices that join it. */
import type { TestDevice } from '#server/identity/test-device.ts';
import { TestDevice as Device } from '#server/identity/test-device.ts';
import { eventually, type TestAnchor } from '#server/test-anchor.ts';

export const PATIENCE_MS = 300_000;

/** Nothing happens on its own, and nobody waits for a card to be slow. */
export const QUICK_ENV = {
  SCOREWALL_IDENTITY_SETTLE_SECONDS: '0',
  SCOREWALL_IDENTITY_ROTATE_SECONDS: '0',
  SCOREWALL_IDENTITY_RETIRE_SECONDS: '2',
};

export interface Joined {
  device: TestDevice;
  /** What it joined with. */
  token: string;
}

export async function join(anchor: TestAnchor, natsUrl: string | string[], name: string): Promise<Joined> {
  const { body } = await anchor.call('POST', '/join-tokens', { json: { name } });
  const device = await Device.join({ hubUrl: anchor.url, natsUrl, tickMs: 1_000 }, body.token);
  await device.start();
  await isLive(device);
  return { device, token: body.token };
}

export const isLive = (device: TestDevice): Promise<boolean> =>
  eventually(async () => device.phase.kind === 'live' && device.nc?.isClosed() === false, `${device.name} ticks`, PATIENCE_MS);
