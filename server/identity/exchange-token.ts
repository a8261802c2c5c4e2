/** Gives a device credentials on NATS for a token of the provider that vouches for it. */
import type * as z from 'zod';
import type { ExchangeAnswer, ExchangeRequest } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { mintDeviceUser } from '#server/nats/mint.ts';
import { audited } from '../audit/audited.ts';
import { sourceOf } from '../auth/login-throttle.ts';
import { TooManyAttempts } from '../auth/too-many-attempts.ts';
import { findDevice } from '../devices/find-device.ts';
import type { Context, Hub } from '../hub.ts';
import { changed } from '../kv/changed.ts';

export interface ExchangeInput {
  request: z.infer<typeof ExchangeRequest>;
  /** Network address of whoever asks. */
  source: string;
}

const WAIT_SECONDS = 10;

export async function exchangeToken({ ctx, input }: { ctx: Context; input: ExchangeInput }): Promise<ExchangeAnswer> {
  const { hub } = ctx;
  const { enrolLimit } = hub.identity;
  const source = sourceOf(input.source);
  if (!enrolLimit.has(source)) throw new TooManyAttempts(WAIT_SECONDS);
  try {
    const device = await vouchedFor(hub, input.request.token);
    return await grant({ ctx, input: { device, publicKey: input.request.publicKey } });
  } catch (error) {
    if (error instanceof ProblemError) enrolLimit.take(source);
    throw error;
  }
}

async function vouchedFor(hub: Hub, token: string): Promise<string> {
  const { deviceProvider } = hub;
  if (!deviceProvider)
    throw new ProblemError(
      'forbidden',
      'This hub takes no tokens of an identity provider.',
      'The device keeps running what it has. Write device-oidc.toml in the home of the hub, or join it with a line of its own.',
    );
  try {
    return await deviceProvider.deviceOf(token);
  } catch (error) {
    const why = (error as Error).message.slice(0, 200);
    hub.log.warn({ why }, 'a token that vouches for a device was refused');
    throw new ProblemError(
      'forbidden',
      `The token of the identity provider is not good here: ${why}`,
      'The device keeps running what it has. Compare device-oidc.toml of the hub with the client at the provider.',
    );
  }
}

const grant = audited<{ device: string; publicKey: string }, ExchangeAnswer>(
  'device.exchange',
  ({ device }) => device,
  async ({ ctx: { hub }, input: { device, publicKey } }) => {
    // Who was taken off the wall stays off it, whatever the provider says.
    const { value: known } = await findDevice(hub, device);
    await hub.identity.ledger.whenRead;
    if (hub.identity.ledger.viewOf(device))
      throw new ProblemError(
        'conflict',
        `${displayName(device)} has an identity of its own, which no provider can take over.`,
        'Nothing has changed. Let the device use that, or remove it from the wall and add it anew.',
      );
    if (known.standing === 'kept-out')
      throw new ProblemError(
        'forbidden',
        `${displayName(device)} is kept out of this fleet.`,
        'It keeps running what it has. Take it back on its page, if it is the right one.',
      );
    if (known.publicKey !== publicKey) {
      await changed(hub.buckets.devices, device, (before) => ({ ...before, publicKey }));
      if (known.publicKey) await hub.revokeKey(known.publicKey);
    }
    const expiresAt = new Date(Date.now() + hub.identity.settings.jwtMs);
    const jwt = mintDeviceUser(hub.minting, { name: device, publicKey, expiresAt });
    const ca = hub.publicNatsCa === undefined ? {} : { ca: hub.publicNatsCa };
    return { device, jwt, nats: { urls: [...hub.publicNatsUrls], ...ca } };
  },
);
