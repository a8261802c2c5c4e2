/**
 * What the hub knows of a provider of accounts: `HOME/oidc.toml`, or the file that `SCOREWALL_OIDC_FILE` names. Absent: none.
 * The secret is in a file of its own.
 */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import { parse } from 'smol-toml';
import * as z from 'zod';
import { Role } from '#contracts/access.ts';

const GivenRole = Role.exclude(['owner']);
/** `realm_access.roles`, or a list where a name has dots itself. */
const ClaimPath = z
  .union([
    z
      .string()
      .min(1)
      .transform((text) => text.split('.')),
    z.array(z.string().min(1)).min(1).max(8),
  ])
  .describe('Where in the claims.');

const Settings = z.strictObject({
  name: z.string().trim().min(1).max(30).describe('On the button: Sign in with NAME.'),
  issuer: z.url().refine(isTrustworthy, 'Use an https address; http only on loopback.'),
  client_id: z.string().min(1).max(300),
  client_secret_file: z.string().optional().describe('Beside this file unless absolute. Absent: a public client, PKCE alone.'),
  scopes: z.array(z.string().regex(/^[\x21-\x7e]+$/)).default(['openid', 'profile', 'email']),
  role_claim: ClaimPath.default(['groups']),
  roles: z.record(z.string(), GivenRole).describe('Value of the claim -> role here. Of several the highest counts.'),
  require: z.record(z.string(), z.string()).default({}).describe('Claims that must have this value, by their path.'),
  email_domains: z.array(z.string().toLowerCase()).default([]).describe('If any are given: a verified address of one of them.'),
});

export interface OidcSettings {
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  scope: string;
  roleClaim: readonly string[];
  roles: Readonly<Record<string, z.infer<typeof GivenRole>>>;
  require: Readonly<Record<string, string>>;
  emailDomains: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

export async function readOidcSettings(home: string, env: Environment): Promise<OidcSettings | undefined> {
  const file = env.SCOREWALL_OIDC_FILE || path.join(home, 'oidc.toml');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !env.SCOREWALL_OIDC_FILE) return undefined;
    throw new Error(`${file} cannot be read, so nobody could sign in with a provider. Correct SCOREWALL_OIDC_FILE.`, {
      cause: error,
    });
  });
  return text === undefined ? undefined : parseOidcSettings(text, file);
}

export async function parseOidcSettings(text: string, file: string): Promise<OidcSettings> {
  const parsed = Settings.safeParse(toObject(text, file));
  if (!parsed.success) throw new Error(`${file} has errors: ${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  const secretFile = data.client_secret_file && path.resolve(path.dirname(file), data.client_secret_file);
  return {
    name: data.name,
    issuer: data.issuer,
    clientId: data.client_id,
    clientSecret: secretFile ? (await readFile(secretFile, 'utf8')).trim() : undefined,
    scope: [...new Set(['openid', ...data.scopes])].join(' '),
    roleClaim: data.role_claim,
    roles: data.roles,
    require: data.require,
    emailDomains: data.email_domains,
  };
}

function toObject(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${file} is not TOML: ${(error as Error).message}`);
  }
}

function isTrustworthy(address: string): boolean {
  const { protocol } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(address));
}

export function isLoopback(address: string): boolean {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
