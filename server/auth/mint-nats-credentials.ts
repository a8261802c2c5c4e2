/** Gives a browser tab or a command a NATS user of its own for 15 minutes. Its key was made there and stays there. */
import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { NatsCredentials, NatsCredentialsRequest } from '#contracts/api.ts';
import { mintPerson } from '#server/nats/mint.ts';
import { audited } from '../audit/audited.ts';

const LIFE_MS = 15 * 60_000;

export const mintNatsCredentials = audited<z.infer<typeof NatsCredentialsRequest>, NatsCredentials>(
  'nats-credentials.mint',
  ({ publicKey }) => publicKey,
  async ({ ctx: { hub }, input: { publicKey } }) => {
    const uid = `owner_${randomBytes(12).toString('hex')}`;
    const { jwt, inboxPrefix, expiresAt } = mintPerson(hub.minting, { kind: 'operator', uid }, { publicKey, ttlMs: LIFE_MS });
    return { jwt, uid, inboxPrefix, expiresAt: expiresAt.toISOString() };
  },
);
