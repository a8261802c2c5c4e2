/** Asks every server for the connections of one account. */
import type { NatsConnection } from '@nats-io/nats-core';
import { holderInName } from '#roadchain/holder.ts';
import type { DeviceConnection } from './presence-book.ts';

/** Most that a server gives at once. */
const PAGE = 1_024;

interface ConnectionsAnswer {
  server: { id: string };
  data?: {
    total: number;
    connections?: { cid: number; nkey?: string; authorized_user?: string; ip?: string; name?: string; start?: string }[];
  };
}

export async function listConnections(sys: NatsConnection, account: string): Promise<DeviceConnection[]> {
  const all: DeviceConnection[] = [];
  for (let offset = 0; ; offset += PAGE) {
    let more = false;
    const question = JSON.stringify({ auth: true, acc: account, limit: PAGE, offset });
    for await (const message of await sys.requestMany('$SYS.REQ.SERVER.PING.CONNZ', question, {
      strategy: 'stall',
      maxWait: 5_000,
      stall: 300,
    })) {
      const { server, data } = message.json<ConnectionsAnswer>();
      for (const { cid, nkey, authorized_user: user, ip, name, start } of data?.connections ?? []) {
        const publicKey = nkey ?? user;
        if (publicKey)
          all.push({ server: server.id, id: cid, publicKey, address: ip, holder: holderInName(name), sinceMs: readTime(start) });
      }
      more ||= (data?.total ?? 0) > offset + PAGE;
    }
    if (!more) return all;
  }
}

/** undefined: not said, or not in a way that can be read. */
export const readTime = (text: string | undefined): number | undefined => {
  const ms = Date.parse(text ?? '');
  return Number.isFinite(ms) ? ms : undefined;
};
