/** Gives a device credentials on NATS for a token of the provider that vouches for it. */
import type * as z from 'zod';
import type { ExchangeAnswer, ExchangeRequest } from '#contracts/api-identity.ts';
import { type Device, displayName } from '#contracts/device.ts';
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
    refuseKeptOut(known);
    if (known.publicKey !== publicKey) {
      let replaced: string | undefined;
      await changed(hub.buckets.devices, device, (before) => {
        replaced = before.publicKey;
        return { ...refuseKeptOut(before), publicKey };
      });
      // What is in its place by now, and not what was when it asked: no key lives on that nobody keeps book of.
      if (replaced && replaced !== publicKey) await hub.revokeKey(replaced);
    }
    const expiresAt = new Date(Date.now() + hub.identity.settings.jwtMs);
    const jwt = mintDeviceUser(hub.minting, { name: device, publicKey, expiresAt });
    // From now on whoever takes its place, or keeps it out, has this key refused; what was done meanwhile did not know of it.
    if (refuseKeptOut((await findDevice(hub, device)).value).publicKey !== publicKey)
      throw new ProblemError(
        'conflict',
        `${displayName(device)} asked with another key at the same moment.`,
        'That one is let in. Are there two of it? It may ask again.',
      );
    const ca = hub.publicNatsCa === undefined ? {} : { ca: hub.publicNatsCa };
    return { device, jwt, nats: { urls: [...hub.publicNatsUrls], ...ca } };
  },
);

function refuseKeptOut(device: Device): Device {
  if (device.standing !== 'kept-out') return device;
  throw new ProblemError(
    'forbidden',
    `${displayName(device.name)} is kept out of this fleet.`,
    'It keeps running what it has. Take it back on its page, if it is the right one.',
  );
}
