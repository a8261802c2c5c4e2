/** What every verb of the hub works with: storage, keys, presence; and who is asking. */
import type { Logger } from 'pino';
import type { Grant, Right, Role } from '#contracts/access.ts';
import type { Session } from '#contracts/api.ts';
import { BUCKET } from '#contracts/buckets.ts';
import { Deployment, DeploymentStatus } from '#contracts/deployment.ts';
import { DesiredIndex } from '#contracts/desired-index.ts';
import { Device } from '#contracts/device.ts';
import { DeviceStatus } from '#contracts/status.ts';
import { Wall } from '#contracts/wall.ts';
import type { RevocationResult } from '#server/nats/account.ts';
import type { MintingKeys } from '#server/nats/fleet-keys.ts';
import type { AuditLog } from './audit/audit-log.ts';
import type { Accounts } from './auth/accounts.ts';
import { openAccounts } from './auth/accounts.ts';
import type { LoginThrottle } from './auth/login-throttle.ts';
import type { OidcProvider } from './auth/oidc/provider.ts';
import type { Seal } from './auth/seal.ts';
import type { FleetView } from './deployments/fleet-view.ts';
import type { PresenceTracker } from './devices/presence-tracker.ts';
import type { RecentEvents } from './devices/recent-events.ts';
import type { Desk } from './identity/desk.ts';
import type { DeviceProvider } from './identity/device-provider.ts';
import type { Identity } from './identity/identity.ts';
import { Bucket } from './kv/bucket.ts';
import { type Lease, LeaseRecord } from './kv/lease.ts';
import type { Store } from './kv/store.ts';
import type { RecordingStore } from './recordings/recording-store.ts';
import type { Updates } from './updates/updates.ts';

export interface Buckets extends Accounts {
  deployments: Bucket<Deployment>;
  deploymentStatus: Bucket<DeploymentStatus>;
  desiredIndex: Bucket<DesiredIndex>;
  devices: Bucket<Device>;
  status: Bucket<DeviceStatus>;
  walls: Bucket<Wall>;
  leases: Bucket<LeaseRecord>;
}

export interface Hub {
  store: Store;
  buckets: Buckets;
  recordings: RecordingStore;
  /** Who did what, chained. */
  audit: AuditLog;
  minting: MintingKeys;
  /** Devices' own proof of who they are. */
  identity: Identity;
  /** Answers devices about it. */
  desk: Desk;
  /** New agents for devices. */
  updates: Updates;
  /** Refuses a user's key from now on, as far as this hub may. `untilMs`: when the last that was signed for it ends; then it is forgotten. */
  revokeKey(publicKey: string, until?: { untilMs?: number }): Promise<RevocationResult>;
  /** Cuts the connections of a key, which may come back until its JWT ends. */
  cutKey(publicKey: string): Promise<void>;
  presence: PresenceTracker;
  /** The last events of each device, in memory. */
  events: RecentEvents;
  /** The fleet in memory, for plans and reviews. Answers about single things are read from storage. */
  fleet: FleetView;
  lease: Lease;
  throttle: LoginThrottle;
  /** How long somebody may do what asks for a proof after they gave one. */
  proofMs: number;
  /** Closes what storage must not show. */
  seal: Seal;
  /** Who else may say who somebody is; absent where none is set. */
  oidc?: OidcProvider;
  /** Vouches for devices, where the fleet has such a provider. */
  deviceProvider?: DeviceProvider;
  /** Addresses written into device configs. */
  publicNatsUrls: readonly string[];
  /** PEM of the CA that devices know those addresses by; absent where the certificate is a public one, or there is none. */
  publicNatsCa?: string;
  version: string;
  log: Logger;
}

export interface Actor {
  user: string;
  /** How they proved it; `none` before they did. */
  via: 'session' | 'token' | 'none';
  kind: Session['kind'] | 'nobody';
  /** What they may do at this moment, on at least one device. */
  rights: readonly Right[];
  /** Where they may do it. */
  grants: readonly Grant[];
  /** Showed who they are recently enough for what asks for it. A token carries that from its creation. */
  proven: boolean;
  /** `viewer` for a TV, absent for nobody and for guests. */
  role?: Role;
  /** Tells namesakes apart; absent for the owner. */
  id?: string | undefined;
}

export const NOBODY: Actor = { user: 'nobody', via: 'none', kind: 'nobody', rights: [], grants: [], proven: false };

export interface Context {
  hub: Hub;
  actor: Actor;
  /** Network address of whoever asks; absent for what the hub does by itself. */
  from?: string | undefined;
}

export type Verb<Input, Output> = (call: { ctx: Context; input: Input }) => Promise<Output>;

export function openBuckets(store: Store): Buckets {
  return {
    ...openAccounts(store),
    deployments: new Bucket(store, BUCKET.deployments, Deployment),
    deploymentStatus: new Bucket(store, BUCKET.deploymentStatus, DeploymentStatus),
    desiredIndex: new Bucket(store, BUCKET.desiredIndex, DesiredIndex),
    devices: new Bucket(store, BUCKET.devices, Device),
    status: new Bucket(store, BUCKET.status, DeviceStatus),
    walls: new Bucket(store, BUCKET.walls, Wall),
    leases: new Bucket(store, BUCKET.leases, LeaseRecord),
  };
}
