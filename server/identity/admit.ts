/** Gives a device that enrolled its place on the wall and its first credentials. May be repeated: a device that heard no answer asks again. */
import { displayName } from '#contracts/device.ts';
import { pointOf } from '#roadchain/chain.ts';
import type { Link } from '#roadchain/link.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { audited } from '../audit/audited.ts';
import { seatDevice } from '../devices/seat-device.ts';
import type { Hub } from '../hub.ts';
import { labelsOf } from './facts.ts';
import { changeJoin } from './join-tokens.ts';
import { keepRecord } from './keep-record.ts';
import { mintFor, natsKeyOf } from './mint-for.ts';
import type { JoinRecord } from './records.ts';
import { tell } from './tell.ts';

interface AdmitInput {
  join: JoinRecord;
  dev: string;
  link: Link;
  facts: Readonly<Record<string, string>>;
}

export const admit = audited<AdmitInput, string>(
  'device.enrol',
  ({ dev }) => dev,
  async ({ ctx: { hub }, input }) => {
    const { join, dev, link } = input;
    const { pk } = pointOf(nodeCrypto, link);
    await register(hub, input, natsKeyOf(pk));
    if (join.replaces) await hub.revokeKey(join.replaces);
    if (join.device !== dev) {
      await changeJoin(hub, join.tid, (before) => ({ ...before, device: dev }));
      const back = join.after !== undefined;
      tell(
        hub,
        dev,
        back ? 'taken-back' : 'enrolled',
        `${displayName(dev)} ${back ? 'was taken back' : 'joined'}, let in by ${join.createdBy}.`,
      );
    }
    return mintFor(hub, dev, pk);
  },
);

async function register(hub: Hub, { join, dev, facts }: AdmitInput, publicKey: string): Promise<void> {
  const before = await hub.buckets.devices.get(dev);
  if (!before) {
    await seatDevice(hub, {
      name: dev,
      labels: { ...labelsOf(facts), ...join.labels },
      publicKey,
      local: false,
      createdAt: new Date().toISOString(),
      createdBy: join.createdBy,
    });
    return;
  }
  await keepRecord(hub, dev);
}
