/** Changes to an account on a running server: revoking a user's key and cutting its connections. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { Revocations } from './account-claims.ts';
import { encodeJwt, readJwt } from './jwt.ts';
import type { Nkey } from './nkey.ts';

const REQUEST_TIMEOUT_MS = 10_000;
/** How long to wait for one more server of a cluster to answer. */
const QUIET_MS = 250;

/** What the hub holds: all of it with the embedded server, perhaps less with an existing cluster. */
export interface AccountPower {
  /** Public key of the account of devices and browsers. */
  account: string;
  /** Connection of the system user. */
  sys?: NatsConnection | undefined;
  /** Signs the account's claims. */
  operatorSigning?: Nkey | undefined;
}

export interface RevocationResult {
  /** The key is refused from now on. */
  revoked: boolean;
  /** Connections that were cut. */
  kicked: number;
  /** What could not be done, in words. Empty when all was done. */
  off: string[];
}

export const NO_OPERATOR_KEY =
  'Its connections were cut, but its key was not revoked, because the operator signing key is not here: it can connect again. ' +
  "Revoke it with the cluster's own tools.";
export const NO_SYSTEM_USER =
  'Its key still works, because there are no system account credentials. ' +
  "Set SCOREWALL_NATS_SYS_CREDS, or revoke it with the cluster's own tools.";

/** Refuses this key from now on and cuts its live connections. */
export async function revokeUser({ account, sys, operatorSigning }: AccountPower, publicKey: string): Promise<RevocationResult> {
  if (!sys) return { revoked: false, kicked: 0, off: [NO_SYSTEM_USER] };
  if (operatorSigning) await pushRevocation(sys, operatorSigning, account, publicKey);
  // The server cuts a revoked user itself; the kick is for servers of a cluster that learn of it later.
  const kicked = await kickUser(sys, account, publicKey);
  return { revoked: operatorSigning !== undefined, kicked, off: operatorSigning ? [] : [NO_OPERATOR_KEY] };
}

/** The server's own claims plus one line, signed anew: whatever else the account says stays as it is. */
async function pushRevocation(sys: NatsConnection, operatorSigning: Nkey, account: string, publicKey: string): Promise<void> {
  const { name, nats } = readJwt(await lookUpAccount(sys, account));
  const revocations: Revocations = { ...(nats.revocations as Revocations), [publicKey]: Math.floor(Date.now() / 1000) };
  await pushAccount(
    sys,
    encodeJwt({ sub: account, name: name ?? '', nats: { ...nats, revocations, type: 'account' } }, operatorSigning),
  );
}

/** Replaces an account's claims on the server. Revocations that the new claims do not carry are gone. */
export async function pushAccount(sys: NatsConnection, accountJwt: string): Promise<void> {
  const answer = await sys.request('$SYS.REQ.CLAIMS.UPDATE', accountJwt, { timeout: REQUEST_TIMEOUT_MS });
  const { data, error } = answer.json<{ data?: { code: number }; error?: { description?: string } }>();
  if (data?.code === 200) return;
  throw new Error(
    `NATS refused the new claims of account ${readJwt(accountJwt).sub}${error?.description ? `: ${error.description}` : ''}. ` +
      'Nothing has changed. See that the operator signing key belongs to the operator of this server.',
  );
}

/** The account's claims as the server has them: byte for byte what was pushed last. */
export async function lookUpAccount(sys: NatsConnection, account: string): Promise<string> {
  const answer = await sys.request(`$SYS.REQ.ACCOUNT.${account}.CLAIMS.LOOKUP`, '', { timeout: REQUEST_TIMEOUT_MS });
  return answer.string();
}

interface Connz {
  server: { id: string };
  data?: { connections?: { cid: number }[] };
}

/** Cuts every connection of this key on every server. It may come back, unless it is revoked. */
export async function kickUser(sys: NatsConnection, account: string, publicKey: string): Promise<number> {
  const filter = JSON.stringify({ auth: true, acc: account, user: publicKey });
  const answers = await sys.requestMany('$SYS.REQ.SERVER.PING.CONNZ', filter, {
    strategy: 'stall',
    stall: QUIET_MS,
    maxWait: REQUEST_TIMEOUT_MS,
  });
  let kicked = 0;
  for await (const answer of answers) {
    const { server, data } = answer.json<Connz>();
    for (const { cid } of data?.connections ?? []) {
      await sys.request(`$SYS.REQ.SERVER.${server.id}.KICK`, JSON.stringify({ cid }), { timeout: REQUEST_TIMEOUT_MS });
      kicked += 1;
    }
  }
  return kicked;
}
