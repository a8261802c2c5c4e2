/** The order of the tiles: pinned first, then those that were moved, then by seat; filtered, and in groups by a label. Pure. */
import type { Device } from '#contracts/device.ts';
import type { Wall } from '#contracts/wall.ts';

type Arrangement = Pick<Wall, 'order' | 'pinned'>;

/** Nobody moved anything: seats keep their places, also empty ones. */
export const isBySeat = ({ order, pinned }: Arrangement): boolean => order.length === 0 && pinned.length === 0;

export function arrange(devices: readonly Device[], { order, pinned }: Arrangement): readonly Device[] {
  if (isBySeat({ order, pinned })) return devices;
  const left = new Map(devices.map((device) => [device.name, device]));
  const arranged: Device[] = [];
  for (const name of [...pinned, ...order]) {
    const device = left.get(name);
    if (device && left.delete(name)) arranged.push(device);
  }
  return [...arranged, ...left.values()];
}

export function matching(devices: readonly Device[], filter: string): readonly Device[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return devices;
  return devices.filter(({ name, labels }) => {
    const text = [name, ...Object.entries(labels).map(([key, value]) => `${key}:${value}`)].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export interface Group {
  /** undefined: devices without the label. */
  value: string | undefined;
  devices: readonly Device[];
}

export function groupsOf(devices: readonly Device[], label: string): readonly Group[] {
  const groups = new Map<string | undefined, Device[]>();
  for (const device of devices) {
    const value = device.labels[label];
    groups.set(value, [...(groups.get(value) ?? []), device]);
  }
  return [...groups]
    .map(([value, members]) => ({ value, devices: members }))
    .sort((a, b) => (a.value === undefined ? 1 : b.value === undefined ? -1 : a.value.localeCompare(b.value)));
}

export const labelsOf = (devices: readonly Device[]): string[] =>
  [...new Set(devices.flatMap(({ labels }) => Object.keys(labels)))].sort();

/** What has to be saved so that two tiles stand in each other's places; undefined where that cannot be. */
export function swapped(devices: readonly Device[], wall: Arrangement, a: string, b: string): Partial<Arrangement> | undefined {
  const [pinnedA, pinnedB] = [wall.pinned.includes(a), wall.pinned.includes(b)];
  if (a === b || pinnedA !== pinnedB) return undefined;
  const swap = (names: readonly string[]) => names.map((name) => (name === a ? b : name === b ? a : name));
  if (pinnedA) return { pinned: swap(wall.pinned) };
  return { order: swap(arrange(devices, { ...wall, pinned: [] }).map(({ name }) => name)) };
}

export function withPin({ pinned }: Arrangement, name: string): string[] {
  return pinned.includes(name) ? pinned.filter((one) => one !== name) : [...pinned, name].slice(0, 49);
}
