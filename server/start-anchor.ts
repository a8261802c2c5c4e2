/** Wires an anchor: connections, storage, keys, presence, controllers under a lease, and the API. */
import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Logger } from 'pino';
import { kickUser } from '#server/nats/account.ts';
import { connectNats } from '#server/nats/connect.ts';
import { readHubEnvironment } from '#server/nats/hub-environment.ts';
import { HUB_ID } from '#server/nats/permission-table.ts';
import { provisionFleet } from '#server/nats/provision.ts';
import { createApp } from './api/app.ts';
import type { Api } from './api/environment.ts';
import { listen } from './api/listen.ts';
import { AuditLog } from './audit/audit-log.ts';
import { followTerminals } from './audit/follow-terminals.ts';
import { watchReach } from './auth/cut-changed-reach.ts';
import { LoginThrottle } from './auth/login-throttle.ts';
import { OidcProvider } from './auth/oidc/provider.ts';
import { readOidcSettings } from './auth/oidc/settings.ts';
import { openSeal } from './auth/seal.ts';
import { FleetView } from './deployments/fleet-view.ts';
import { followFleet } from './deployments/follow-fleet.ts';
import { runControllers } from './deployments/run-controllers.ts';
import { PresenceTracker } from './devices/presence-tracker.ts';
import { RecentEvents } from './devices/recent-events.ts';
import { type Hub, openBuckets } from './hub.ts';
import { createDesk } from './identity/create-desk.ts';
import { DeviceProvider } from './identity/device-provider.ts';
import { followIdentity } from './identity/follow-identity.ts';
import { openIdentity } from './identity/identity.ts';
import { leadIdentity } from './identity/lead-identity.ts';
import { Lease } from './kv/lease.ts';
import { openStore } from './kv/store.ts';
import { RecorderLink } from './recordings/recorder-link.ts';
import { RecordingStore } from './recordings/recording-store.ts';
import { runRecorder } from './recordings/run-recorder.ts';
import { leadUpdates } from './updates/lead-updates.ts';
import { Updates } from './updates/updates.ts';
import { HUB_VERSION } from './version.ts';

export interface AnchorSettings {
  home: string;
  /** `unix:/path` or `host:port`. */
  listen: string;
  /** Addresses written into device configs; where NATS is, if empty. */
  publicNatsUrls: readonly string[];
  /** PEM file of the CA behind NATS's certificate; carried to devices with their config. */
  natsCaFile?: string | undefined;
  /** Where NATS and its keys are, as `SCOREWALL_NATS_*`. */
  env: Record<string, string | undefined>;
  log: Logger;
  leaseTtlMs?: number;
  /** How long signing in, or proving it again, is enough for terminals, removing devices and the like. */
  proofMs?: number | undefined;
  /** Where agents for devices may lie; the first folder that has some is taken. */
  packageFolders?: readonly string[];
  /** Room for all recordings together. */
  recordingsMaxBytes?: number | undefined;
}

export interface Anchor {
  hub: Hub;
  api: Api;
  server: Server;
  stop(): Promise<void>;
}

const DEFAULT_RECORDINGS_MAX_BYTES = 5 * 1024 ** 3;
const DEFAULT_PROOF_MS = 30 * 60_000;
const LEASE_KEY = 'deployments';

export async function startAnchor(settings: AnchorSettings): Promise<Anchor> {
  const { home, env, log } = settings;
  const nats = await readHubEnvironment(env, home);
  const oidc = await readOidcSettings(home, env);
  const deviceProvider = await DeviceProvider.open(home, log);
  for (const line of nats.off) log.warn(line);
  const ca = settings.natsCaFile ? { caFile: settings.natsCaFile } : {};
  const connection = { servers: nats.servers, firstConnect: 'wait' as const, ...ca };
  const nc = await connectNats({ ...connection, creds: nats.creds, name: 'scorewall anchor', inboxPrefix: `_INBOX.${HUB_ID}` });
  const sys = nats.sysCredsFile
    ? await connectNats({
        ...connection,
        credsFile: nats.sysCredsFile,
        name: 'scorewall anchor system',
        inboxPrefix: '_INBOX.system',
      })
    : undefined;
  const provisioned = await provisionFleet(nc, { replicas: nats.replicas });
  log.info(provisioned, 'storage is ready');
  const store = await openStore(nc);
  const buckets = openBuckets(store);
  const account = nats.minting.device.account;
  const publicNatsUrls = settings.publicNatsUrls.length > 0 ? settings.publicNatsUrls : nats.servers;
  const publicNatsCa = settings.natsCaFile ? { publicNatsCa: await readFile(settings.natsCaFile, 'utf8') } : {};
  const identity = await openIdentity({
    home,
    env,
    store,
    log,
    power: { account, sys, operatorSigning: nats.operatorSigning, encode: nats.encodeEdge },
  });
  const updates = new Updates({ store, anchor: identity.anchor, env, packageFolders: settings.packageFolders ?? [] });
  const hub: Hub = {
    store,
    buckets,
    recordings: new RecordingStore(store),
    audit: new AuditLog(store),
    minting: nats.minting,
    identity,
    desk: createDesk({ identity, updates, minting: nats.minting, store, publicNatsUrls, ...publicNatsCa, log }),
    updates,
    revokeKey: (publicKey, until) => identity.guard.refuse(publicKey, until),
    cutKey: async (publicKey) => {
      if (sys) await kickUser(sys, account, publicKey);
    },
    fleet: new FleetView(store),
    events: new RecentEvents({ store, log }),
    presence: new PresenceTracker({ sys, account, log }),
    lease: new Lease({
      bucket: buckets.leases,
      key: LEASE_KEY,
      log,
      ...(settings.leaseTtlMs ? { ttlMs: settings.leaseTtlMs } : {}),
    }),
    throttle: new LoginThrottle(),
    proofMs: settings.proofMs ?? DEFAULT_PROOF_MS,
    seal: await openSeal(home, env),
    ...(oidc ? { oidc: new OidcProvider(oidc, log) } : {}),
    ...(deviceProvider ? { deviceProvider } : {}),
    publicNatsUrls,
    ...publicNatsCa,
    version: HUB_VERSION,
    log,
  };
  const recorder = {
    link: new RecorderLink({ servers: nats.servers, caFile: settings.natsCaFile, minting: nats.minting }),
    maxBytes: settings.recordingsMaxBytes ?? DEFAULT_RECORDINGS_MAX_BYTES,
  };
  const voices = { servers: nats.servers, caFile: settings.natsCaFile, minting: nats.minting };
  const ending = new AbortController();
  // Every part of the anchor listens for the end.
  setMaxListeners(0, ending.signal);
  const work = [
    followFleet(hub, ending.signal),
    hub.presence.run(ending.signal),
    hub.events.run(ending.signal),
    followIdentity(hub, ending.signal),
    hub.lease.run(ending.signal, async (signal) => {
      await Promise.all([
        runControllers(hub, signal),
        runRecorder(hub, recorder, signal),
        watchReach(hub, signal),
        followTerminals(hub, signal),
        leadIdentity(hub, voices, signal),
        leadUpdates(hub, signal),
      ]);
    }),
  ];
  const api = createApp(hub);
  const server = await listen(api, settings.listen);
  log.info({ listen: settings.listen }, 'anchor answers');
  return {
    hub,
    api,
    server,
    stop: async () => {
      await close(server);
      ending.abort();
      await Promise.all(work);
      await Promise.all([nc, sys].map((one: NatsConnection | undefined) => one?.close()));
    },
  };
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), 2_000);
  await closed;
  clearTimeout(force);
}
