/** NATS JWTs (version 2 claims) and creds files, minted without the JWT library. */
import { createHash } from 'node:crypto';
import { type Nkey, toBase32 } from './nkey.ts';

export interface SubjectList {
  allow?: string[];
  deny?: string[];
}
/** What a NATS user may publish and subscribe to; an absent list allows everything. */
export interface Permissions {
  pub?: SubjectList;
  sub?: SubjectList;
}

/** Connections a user may come over: TCP, or websocket. */
export type ConnectionType = 'STANDARD' | 'WEBSOCKET';

export interface UserClaims {
  publicKey: string;
  /** Fills `{{name()}}` in the template of a scoped signing key. */
  name: string;
  /** Public key of the account, where `signer` is one of its signing keys. */
  account: string;
  /** Absent for a scoped signing key, whose template decides: the server refuses a user who brings its own list then. */
  permissions?: Permissions;
  connectionTypes?: ConnectionType[];
  expiresAt?: Date;
  tags?: string[];
  /** Second after which it counts as issued, if that is not past. */
  after?: number | undefined;
}

export interface JwtPayload {
  sub: string;
  iss: string;
  iat: number;
  name?: string;
  exp?: number;
  nats: Record<string, unknown>;
}

const NO_LIMIT = { subs: -1, data: -1, payload: -1 };
const HEADER = base64Json({ typ: 'JWT', alg: 'ed25519-nkey' });

export interface JwtClaims {
  sub: string;
  name: string;
  exp?: number;
  nats: Record<string, unknown> & { type: 'user' | 'account' | 'operator' };
}

export function encodeJwt(claims: JwtClaims, signer: Nkey, after = 0): string {
  const dated = { ...claims, iat: Math.max(Math.floor(Date.now() / 1000), after + 1), iss: signer.publicKey };
  const jti = toBase32(createHash('sha512-256').update(JSON.stringify(dated)).digest());
  const body = `${HEADER}.${base64Json({ ...dated, jti, nats: { ...claims.nats, version: 2 } })}`;
  return `${body}.${signer.sign(body).toString('base64url')}`;
}

/** Reads the claims without checking the signature: for JWTs from our own disk or our own server. */
export function readJwt(jwt: string): JwtPayload {
  const body = jwt.split('.')[1];
  if (body === undefined) throw new TypeError('This is not a JWT.');
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as JwtPayload;
}

export function encodeUserJwt(user: UserClaims, signer: Nkey): string {
  const limits = user.permissions
    ? { ...user.permissions, ...NO_LIMIT, ...(user.connectionTypes ? { allowed_connection_types: user.connectionTypes } : {}) }
    : {};
  return encodeJwt(
    {
      sub: user.publicKey,
      name: user.name,
      ...(user.expiresAt ? { exp: Math.floor(user.expiresAt.getTime() / 1000) } : {}),
      nats: {
        ...limits,
        ...(user.tags ? { tags: user.tags } : {}),
        type: 'user',
        ...(signer.publicKey === user.account ? {} : { issuer_account: user.account }),
      },
    },
    signer,
    user.after,
  );
}

/** The template of a scoped signing key: the server applies it to every user signed by that key. */
export const scopedKey = (key: string, role: string, permissions: Permissions) => ({
  kind: 'user_scope',
  key,
  role,
  template: { ...permissions, ...NO_LIMIT },
});

/** A `.creds` file: who I am (JWT) and the proof (seed). */
export const formatCreds = (jwt: string, seed: string): string =>
  [
    '-----BEGIN NATS USER JWT-----',
    jwt,
    '------END NATS USER JWT------',
    '',
    '************************* IMPORTANT *************************',
    'This file is the key of one NATS user. Keep it secret.',
    '',
    '-----BEGIN USER NKEY SEED-----',
    seed,
    '------END USER NKEY SEED------',
    '',
  ].join('\n');

/** Takes a creds file apart again. */
export function parseCreds(creds: string): { jwt: string; seed: string } {
  const [jwt, seed] = [...creds.matchAll(/-----BEGIN [^-]+-----\s*([^\s-][^\s]*)\s*-+END /g)].map((match) => match[1]);
  if (!jwt || !seed) throw new TypeError('This is not a NATS creds file: it needs a JWT and a seed.');
  return { jwt, seed };
}

function base64Json(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
