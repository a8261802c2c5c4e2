/** Sends a browser to the provider. What it must bring back is kept for ten minutes, bound to its short-lived cookie. */
import type { OidcStart } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { Hub } from '../../hub.ts';
import { FACTOR_KEY } from '../factors.ts';
import { digest } from '../secret.ts';
import type { OidcProvider } from './provider.ts';

const LIFE_MS = 10 * 60_000;
export const CALLBACK_PAGE = '/login/oidc';

export interface OidcStartInput {
  next: string;
  again: boolean;
  /** Digest of the cookie. */
  boundTo: string;
  origin: string;
}

export async function startOidc(hub: Hub, { next, again, boundTo, origin }: OidcStartInput): Promise<OidcStart> {
  const { url, way } = await providerOf(hub).begin(origin + CALLBACK_PAGE, again);
  const { state, nonce, verifier, redirectUri } = way;
  const key = digest(state);
  const sealed = hub.seal.close(JSON.stringify({ nonce, verifier }), `oidc-start ${key}`);
  const expiresAt = new Date(Date.now() + LIFE_MS).toISOString();
  await hub.buckets.oidcStarts.put(
    FACTOR_KEY.oidcStart(key),
    { boundTo, sealed, redirectUri, next, again, expiresAt },
    { expectedRevision: 0, ttlSeconds: LIFE_MS / 1000 },
  );
  return { url };
}

export function providerOf({ oidc }: Pick<Hub, 'oidc'>): OidcProvider {
  if (oidc) return oidc;
  throw new ProblemError(
    'not-found',
    'This wall knows no provider of accounts.',
    'Nothing has changed. Sign in with a password or a passkey.',
  );
}
