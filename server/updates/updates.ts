/** What the verbs about updates work with: the agent this hub carries, the newest rollout, and what devices are offered at this moment. */
import { BUCKET } from '#contracts/buckets.ts';
import type { UpdateOffer } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signProof } from '#roadchain/proofs.ts';
import type { AnchorKey } from '../identity/anchor-key.ts';
import { CarriedPackages } from '../install/carried-packages.ts';
import { Bucket } from '../kv/bucket.ts';
import type { Store } from '../kv/store.ts';
import { RolloutRecord } from './records.ts';
import { readUpdateSettings, type UpdateSettings } from './settings.ts';

export interface CarriedAgent {
  version: string;
  builtAt: string;
  sha256: string;
  sizeBytes: number;
}

export class Updates {
  readonly settings: UpdateSettings;
  readonly rollouts: Bucket<RolloutRecord>;
  /** By the leader: asks a device to speak at once. */
  call: (device: string) => void = () => {};
  readonly #packages: CarriedPackages;
  readonly #anchor: AnchorKey;
  #offers: ReadonlyMap<string, Omit<UpdateOffer, 'sig'>> = new Map();

  constructor(parts: {
    store: Store;
    anchor: AnchorKey;
    env: Record<string, string | undefined>;
    packageFolders: readonly string[];
  }) {
    this.settings = readUpdateSettings(parts.env);
    this.rollouts = new Bucket(parts.store, BUCKET.identity, RolloutRecord);
    this.#packages = new CarriedPackages(parts.packageFolders);
    this.#anchor = parts.anchor;
  }

  async carried(): Promise<CarriedAgent | undefined> {
    const list = (await this.#packages.read())?.list;
    if (!list?.agent) return undefined;
    const { version, builtAt, agent } = list;
    return { version, builtAt, sha256: agent.sha256, sizeBytes: agent.sizeBytes };
  }

  /** What devices are told from now on, by the leader. Gives those for whom it is new. */
  offer(offers: ReadonlyMap<string, Omit<UpdateOffer, 'sig'>>): string[] {
    const before = this.#offers;
    this.#offers = offers;
    return [...offers].flatMap(([device, { rollout }]) => (before.get(device)?.rollout === rollout ? [] : [device]));
  }

  /** Signed for this device and this start of its agent, where its turn has come. */
  offerFor(dev: string, session: string): UpdateOffer | undefined {
    const offer = this.#offers.get(dev);
    return offer && { ...offer, sig: signProof(nodeCrypto, this.#anchor.seed, 'update', { dev, session, ...offer }) };
  }
}
