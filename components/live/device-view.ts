/**
 * What the wall knows of one device, and how a change makes it anew. Pure: an older change gives back the very same view,
 * so that nothing is drawn for it.
 */
import type { Device } from '#contracts/device.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import { freshnessOf, type Health, healthOf } from '#contracts/health.ts';
import type { DeviceStatus } from '#contracts/status.ts';

export type SeenFreshness = ReturnType<typeof freshnessOf>;

/** A value of a bucket as last seen. `epoch` counts the links: revisions are compared only within one. */
interface Seen<T> {
  revision: number;
  epoch: number;
  value: T | undefined;
}

export interface DeviceView {
  name: string;
  device: Seen<Device>;
  status: Seen<DeviceStatus>;
  /** When the report reached the hub, by this browser's clock. */
  receivedAtMs: number | undefined;
  connected: boolean | 'unknown';
  connectionChangedAtMs: number | undefined;
  connectionEpoch: number;
  address: string | undefined;
  /** Newest first. */
  events: readonly DeviceEvent[];
  health: Health;
  freshness: SeenFreshness;
}

export type DeviceChange =
  | { kind: 'device'; name: string; revision: number; device: Device | undefined }
  | { kind: 'status'; name: string; revision: number; status: DeviceStatus | undefined; receivedAtMs: number }
  | { kind: 'presence'; name: string; connected: boolean | 'unknown'; atMs: number | undefined; address: string | undefined }
  | { kind: 'event'; name: string; event: DeviceEvent };

const KEPT_EVENTS = 30;
const nothing = { revision: -1, epoch: -1, value: undefined };

export const newDeviceView = (name: string): DeviceView => ({
  name,
  device: nothing,
  status: nothing,
  receivedAtMs: undefined,
  connected: 'unknown',
  connectionChangedAtMs: undefined,
  connectionEpoch: -1,
  address: undefined,
  events: [],
  health: 'not-seen',
  freshness: 'not-seen',
});

export function reduceDevice(view: DeviceView, change: DeviceChange, epoch: number, nowMs: number): DeviceView {
  switch (change.kind) {
    case 'device':
      if (!isNewer(view.device, change.revision, epoch)) return view;
      return judged({ ...view, device: { revision: change.revision, epoch, value: change.device } }, nowMs);
    case 'status': {
      if (!isNewer(view.status, change.revision, epoch)) return view;
      const status = { revision: change.revision, epoch, value: change.status };
      return judged({ ...view, status, receivedAtMs: change.status && change.receivedAtMs }, nowMs);
    }
    case 'presence': {
      const { connected, atMs, address } = change;
      const older = view.connectionEpoch === epoch && (atMs ?? nowMs) <= (view.connectionChangedAtMs ?? 0);
      if (older) return view;
      return judged({ ...view, connected, connectionChangedAtMs: atMs, connectionEpoch: epoch, address }, nowMs);
    }
    case 'event': {
      if (view.events.some((one) => isSameEvent(one, change.event))) return view;
      const events = [change.event, ...view.events].sort((a, b) => b.at.localeCompare(a.at)).slice(0, KEPT_EVENTS);
      return { ...view, events };
    }
  }
}

/** Health and freshness by the clock. The same view if neither word changed. */
export function judged(view: DeviceView, nowMs: number): DeviceView {
  const sighting = {
    status: view.status.value,
    receivedAtMs: view.receivedAtMs,
    connected: view.connected,
    connectionChangedAtMs: view.connectionChangedAtMs,
    standing: view.device.value?.standing,
  };
  const health = healthOf(sighting, nowMs);
  const freshness = freshnessOf(sighting, nowMs);
  return health === view.health && freshness === view.freshness ? view : { ...view, health, freshness };
}

/** What an earlier link saw says nothing about order: the hub may have been set up anew since. */
export const isNewer = (seen: { revision: number; epoch: number }, revision: number, epoch: number): boolean =>
  seen.epoch < epoch || revision > seen.revision;

const isSameEvent = (a: DeviceEvent, b: DeviceEvent) =>
  a.at === b.at && a.kind === b.kind && a.service === b.service && a.message === b.message;
