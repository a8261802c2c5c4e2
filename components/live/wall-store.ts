/**
 * The wall's memory: one entry per key, listeners per key, and one flush per frame for everything that changed meanwhile.
 * A thousand messages a second redraw only the tiles they are about, once a frame.
 */
import type { Device } from '#contracts/device.ts';
import { countServices, type Health } from '#contracts/health.ts';
import { type DeploymentChange, type DeploymentView, newDeploymentView, reduceDeployment } from './deployment-view.ts';
import { type DeviceChange, type DeviceView, judged, newDeviceView, reduceDevice } from './device-view.ts';
import type { HubState } from './hub-state.ts';
import type { LiveLink } from './live-link.ts';
import type { StoredWall } from './stored-wall.ts';

export type Counts = Readonly<Partial<Record<Health, number>>>;
type Listener = () => void;

const HIDDEN_FLUSH_MS = 250;

/** Keys of the listeners: `device:alice`, `deployment:hello`, and these. */
export const KEY = {
  devices: 'devices',
  deployments: 'deployments',
  counts: 'counts',
  rollouts: 'rollouts',
  hub: 'hub',
  link: 'link',
  wallName: 'wallName',
  loaded: 'loaded',
  device: (name: string) => `device:${name}`,
  deployment: (name: string) => `deployment:${name}`,
} as const;

export class WallStore {
  #devices = new Map<string, DeviceView>();
  #deployments = new Map<string, DeploymentView>();
  #listeners = new Map<string, Set<Listener>>();
  #dirty = new Set<string>();
  #flushing = false;
  #epoch = 0;

  /** Registered devices in the order of their seats. */
  devices: readonly Device[] = [];
  deploymentNames: readonly string[] = [];
  counts: Counts = {};
  /** Services asked for on all registered devices. */
  services = 0;
  /** Deployments that are on their way to some device. */
  rollouts: readonly DeploymentView[] = [];
  hub: HubState = { phase: 'connecting' };
  /** Undefined while there is none. */
  link: LiveLink | undefined;
  wallName = '';
  loaded = false;
  /** This browser's clock minus the hub's. */
  clockOffsetMs = 0;

  device = (name: string): DeviceView | undefined => this.#devices.get(name);
  deployment = (name: string): DeploymentView | undefined => this.#deployments.get(name);

  subscribe = (key: string, listener: Listener): Listener => {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(key);
    };
  };

  /** Called before a link subscribes: from here on only messages of this link and its snapshot count. */
  beginEpoch(): void {
    this.#epoch += 1;
  }

  apply(change: DeviceChange | DeploymentChange, nowMs: number): void {
    if (change.kind === 'deployment' || change.kind === 'deployment-status') {
      const view = this.#deployments.get(change.name) ?? newDeploymentView(change.name);
      this.#putDeployment(view, reduceDeployment(view, change, this.#epoch));
    } else {
      const view = this.#devices.get(change.name) ?? newDeviceView(change.name);
      this.#putDevice(view, reduceDevice(view, change, this.#epoch, nowMs));
    }
  }

  applySnapshot(wall: StoredWall, nowMs: number): void {
    const epoch = this.#epoch;
    this.clockOffsetMs = nowMs - Date.parse(wall.takenAt);
    const toLocal = (iso: string) => Date.parse(iso) + this.clockOffsetMs;
    for (const { revision, device } of wall.devices) this.apply({ kind: 'device', name: device.name, revision, device }, nowMs);
    for (const { revision, receivedAt, value } of wall.statuses)
      this.apply({ kind: 'status', name: value.device, revision, status: value, receivedAtMs: toLocal(receivedAt) }, nowMs);
    for (const { device, connected, at, address } of wall.presence)
      this.apply(
        { kind: 'presence', name: device, connected: wall.presenceKnown ? connected : 'unknown', atMs: toLocal(at), address },
        nowMs,
      );
    for (const event of wall.events) this.apply({ kind: 'event', name: event.device, event }, nowMs);
    for (const { revision, deployment, status, statusRevision } of wall.deployments) {
      const { name } = deployment.metadata;
      this.apply({ kind: 'deployment', name, revision, deployment }, nowMs);
      if (status && statusRevision !== undefined)
        this.apply({ kind: 'deployment-status', name, revision: statusRevision, status }, nowMs);
    }
    // What this link has not seen, neither live nor in its snapshot, is gone.
    for (const view of this.#devices.values()) if (view.device.epoch < epoch) this.#forgetDevice(view.name);
    for (const view of this.#deployments.values()) if (view.epoch < epoch) this.#forgetDeployment(view.name);
    if (wall.wallName !== this.wallName) {
      this.wallName = wall.wallName;
      this.#mark(KEY.wallName);
    }
    if (!this.loaded) {
      this.loaded = true;
      this.#mark(KEY.loaded);
    }
  }

  setHub(hub: HubState): void {
    this.hub = hub;
    this.#mark(KEY.hub);
  }

  setLink(link: LiveLink | undefined): void {
    this.link = link;
    this.#mark(KEY.link);
  }

  /** Lets the clock speak: live becomes late, late becomes offline. Without the hub we know nothing new, so every word stays. */
  tick(nowMs: number): void {
    if (this.hub.phase !== 'live') return;
    for (const view of this.#devices.values()) this.#putDevice(view, judged(view, nowMs));
  }

  #putDevice(before: DeviceView, after: DeviceView): void {
    if (before === after && this.#devices.has(after.name)) return;
    this.#devices.set(after.name, after);
    this.#mark(KEY.device(after.name));
    if (before.device.value !== after.device.value) this.#mark(KEY.devices);
    const more = servicesOf(after) - servicesOf(before);
    this.services += more;
    if (more !== 0 || before.health !== after.health || before.device.value !== after.device.value) this.#mark(KEY.counts);
  }

  #putDeployment(before: DeploymentView, after: DeploymentView): void {
    if (before === after && this.#deployments.has(after.name)) return;
    this.#deployments.set(after.name, after);
    this.#mark(KEY.deployment(after.name));
    this.#mark(KEY.rollouts);
    if ((before.deployment === undefined) !== (after.deployment === undefined)) this.#mark(KEY.deployments);
  }

  #forgetDevice(name: string): void {
    const view = this.#devices.get(name);
    if (view) this.services -= servicesOf(view);
    this.#devices.delete(name);
    for (const key of [KEY.device(name), KEY.devices, KEY.counts]) this.#mark(key);
  }

  #forgetDeployment(name: string): void {
    this.#deployments.delete(name);
    for (const key of [KEY.deployment(name), KEY.deployments, KEY.rollouts]) this.#mark(key);
  }

  #mark(key: string): void {
    this.#dirty.add(key);
    if (this.#flushing) return;
    this.#flushing = true;
    // A hidden page gets no frames, but its title still counts.
    if (typeof document === 'undefined' || document.hidden) setTimeout(this.flush, HIDDEN_FLUSH_MS);
    else requestAnimationFrame(this.flush);
  }

  /** Tells the listeners of everything that changed. Runs by itself once a frame. */
  flush = (): void => {
    this.#flushing = false;
    const dirty = this.#dirty;
    this.#dirty = new Set();
    if (dirty.has(KEY.devices)) this.devices = this.#bySeat();
    if (dirty.has(KEY.deployments)) this.deploymentNames = this.#deploymentNames();
    if (dirty.has(KEY.counts)) this.counts = this.#count();
    if (dirty.has(KEY.rollouts)) this.rollouts = [...this.#deployments.values()].filter(isRollingOut);
    for (const key of dirty) for (const listener of this.#listeners.get(key) ?? []) listener();
  };

  #bySeat(): Device[] {
    const all = [...this.#devices.values()].flatMap((view) => view.device.value ?? []);
    return all.sort((a, b) => a.seat - b.seat || a.name.localeCompare(b.name));
  }

  #deploymentNames(): string[] {
    return [...this.#deployments.values()].flatMap((view) => (view.deployment ? [view.name] : [])).sort();
  }

  #count(): Counts {
    const counts: Partial<Record<Health, number>> = {};
    for (const { device, health } of this.#devices.values()) if (device.value) counts[health] = (counts[health] ?? 0) + 1;
    return counts;
  }
}

const servicesOf = ({ device, status }: DeviceView): number => (device.value ? countServices(status.value).total : 0);

const isRollingOut = ({ deployment, status }: DeploymentView): boolean =>
  Boolean(deployment && status && status.aggregate.updating > 0);
