/** Asks an identity provider for a token of this device: by a signed assertion (RFC 7523), or by the secret of a client. */
import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { OidcConfig } from '../config/agent-config.ts';

const TIMEOUT_MS = 15_000;
const ASSERTION_LIFE_SECONDS = 60;
const MAX_ANSWER_LENGTH = 64 * 1024;

const Discovery = z.object({ issuer: z.string(), token_endpoint: z.url() });
const Tokens = z.object({ id_token: z.string().optional(), access_token: z.string().optional() });
/** As Zitadel hands it out for a machine. */
const KeyFile = z.object({ key: z.string(), keyId: z.string().optional(), userId: z.string().optional() });

/** @throws with words for people */
export async function fetchProviderToken(config: OidcConfig): Promise<string> {
  const where = new URL('.well-known/openid-configuration', `${config.issuer.replace(/\/$/, '')}/`);
  const { token_endpoint: endpoint } = Discovery.parse(await ask(where));
  const grant = config.keyFile === undefined ? await withSecret(config) : await withKey(config, config.keyFile, endpoint);
  const tokens = Tokens.parse(await ask(new URL(endpoint), new URLSearchParams({ scope: config.scope, ...grant })));
  const token = tokens.id_token ?? tokens.access_token;
  if (!token) throw new Error(`The identity provider at ${config.issuer} gave no token. Check its client ${config.clientId}.`);
  return token;
}

async function withSecret({ clientId, clientSecretFile }: OidcConfig): Promise<Record<string, string>> {
  const secret = (await readFile(clientSecretFile ?? '', 'utf8')).trim();
  return { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
}

async function withKey(
  { clientId, issuer, keyId }: OidcConfig,
  keyFile: string,
  endpoint: string,
): Promise<Record<string, string>> {
  const { pem, kid, user } = readKeyFile(await readFile(keyFile, 'utf8'));
  const key = createPrivateKey(pem);
  const sign = (subject: string) => signAssertion({ key, kid: keyId ?? kid, subject, audience: [issuer, endpoint] });
  // Where the key is of a user of its own, the assertion is the grant; else it stands for the secret of the client.
  if (user) return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: await sign(user) };
  return {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await sign(clientId),
  };
}

function readKeyFile(text: string): { pem: string; kid?: string | undefined; user?: string | undefined } {
  if (!text.trimStart().startsWith('{')) return { pem: text };
  const { key, keyId, userId } = KeyFile.parse(JSON.parse(text));
  return { pem: key, kid: keyId, user: userId };
}

const ALGORITHM: Record<string, string> = { rsa: 'RS256', ec: 'ES256', ed25519: 'EdDSA' };

interface Assertion {
  key: KeyObject;
  kid: string | undefined;
  subject: string;
  audience: string[];
}

async function signAssertion({ key, kid, subject, audience }: Assertion): Promise<string> {
  // Only devices with this kind of identity pay for it.
  const { SignJWT } = await import('jose');
  const alg = ALGORITHM[key.asymmetricKeyType ?? ''] ?? 'RS256';
  const now = Math.floor(Date.now() / 1000);
  return await new SignJWT({})
    .setProtectedHeader({ alg, ...(kid ? { kid } : {}) })
    .setIssuer(subject)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + ASSERTION_LIFE_SECONDS)
    .setJti(randomUUID())
    .sign(key);
}

async function ask(url: URL, form?: URLSearchParams): Promise<unknown> {
  const response = await fetch(url, {
    ...(form ? { method: 'POST', body: form } : {}),
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: Error) => {
    throw new Error(`The identity provider at ${url.origin} cannot be reached (${causeOf(error)}).`);
  });
  const text = await response.text();
  if (!response.ok || text.length > MAX_ANSWER_LENGTH)
    throw new Error(`The identity provider at ${url.origin} refuses this device (${response.status} ${errorIn(text)}).`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`What answers at ${url.origin} is no identity provider. Check the issuer.`);
  }
}

const causeOf = (error: Error): string => (error.cause as NodeJS.ErrnoException | undefined)?.code ?? error.message;

/** Its code alone: the rest may repeat what was sent. */
function errorIn(text: string): string {
  try {
    return z.object({ error: z.string().max(64) }).parse(JSON.parse(text)).error;
  } catch {
    return 'without a reason';
  }
}
