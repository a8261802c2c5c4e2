/** Signs in who comes back from the provider: the person is made at the first time, the role is read from the claims each time. */
import * as z from 'zod';
import { ProblemError } from '#contracts/problem.ts';
import { audited, note } from '../../audit/audited.ts';
import type { Hub } from '../../hub.ts';
import { RevisionConflict } from '../../kv/store.ts';
import { FACTOR_KEY } from '../factors.ts';
import { digest } from '../secret.ts';
import { GONE } from '../sessions.ts';
import { type SignedIn, signIn } from '../sign-in.ts';
import { admitPerson, dismissPerson } from './admit-person.ts';
import type { OnTheWay } from './provider.ts';
import { refusalFrom, roleFrom } from './read-claims.ts';
import { providerOf } from './start-oidc.ts';

const Kept = z.object({ nonce: z.string(), verifier: z.string() });

export interface OidcFinishInput {
  /** `?code=...&state=...`, as it stood in the address. */
  query: string;
  /** Digest of the cookie. */
  boundTo: string;
}

export const finishOidc = audited<OidcFinishInput, SignedIn & { next: string }>(
  'login.oidc',
  () => 'provider',
  async ({ ctx, input: { query, boundTo } }) => {
    const { hub } = ctx;
    const provider = providerOf(hub);
    const { way, next } = await takeStart(hub, query, boundTo);
    const claims = await provider.finish(query, way);
    const { settings } = provider;
    const refusal = refusalFrom(claims, settings);
    const role = refusal === undefined ? roleFrom(claims, settings) : undefined;
    const whose = { issuer: claims.iss, subject: claims.sub };
    if (!role) {
      await dismissPerson({ ctx, input: whose });
      throw new ProblemError(
        'forbidden',
        refusal ?? `${settings.name} says who you are, but gives you no role on this wall.`,
        'Devices are not affected. Ask whoever manages accounts there.',
      );
    }
    const person = await admitPerson({ ctx, input: { ...whose, claims, role } });
    const signedIn = await signIn(hub, { user: person.name, id: person.id, amr: ['oidc'] });
    if (!signedIn) throw stale();
    await note(ctx, 'session.open', person.name, 'ok');
    return { ...signedIn, next };
  },
);

/** Used up by being looked at, whatever comes of it. */
async function takeStart({ buckets, seal }: Hub, query: string, boundTo: string): Promise<{ way: OnTheWay; next: string }> {
  const state = new URLSearchParams(query).get('state') ?? '';
  const key = digest(state);
  const entry = state ? await buckets.oidcStarts.get(FACTOR_KEY.oidcStart(key)) : undefined;
  if (!entry || entry.value.boundTo !== boundTo || Date.parse(entry.value.expiresAt) <= Date.now()) throw stale();
  try {
    await buckets.oidcStarts.delete(entry.key, { ...GONE, expectedRevision: entry.revision });
  } catch (error) {
    throw error instanceof RevisionConflict ? stale() : error;
  }
  const { sealed, redirectUri, next, again } = entry.value;
  const kept = Kept.parse(JSON.parse(seal.open(sealed, `oidc-start ${key}`)));
  return { way: { state, ...kept, redirectUri, again }, next };
}

const stale = () =>
  new ProblemError(
    'unauthenticated',
    'This way back was used already, belongs to another browser, or is older than ten minutes.',
    'Devices are not affected. Begin again on the login page.',
  );
