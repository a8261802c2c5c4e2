/** What the hardware says of itself when the device joins: the hub makes labels of it. Advice, never evidence. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostInventory } from './host-inventory.ts';
import { parseDeviceTreeText } from './parse-hardware.ts';

const MAX_LENGTH = 128;

export function readHardwareFacts(stateDir: string, root = '/'): Record<string, string> {
  const { hostname, model, arch, os, memoryTotalBytes } = new HostInventory(stateDir, root).sample();
  const memory = memoryTotalBytes > 0 ? `${Math.max(1, Math.round(memoryTotalBytes / 1024 ** 3))} GB` : '';
  const facts = { hostname, model, arch, os: shortName(os), memory, serial: readSerial(root) };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => (value ? [[name, value.slice(0, MAX_LENGTH)]] : [])),
  );
}

/** `Debian GNU/Linux 12 (bookworm)` is `Debian 12`: a label is typed by people, and holds no brackets. */
const shortName = (os: string): string => os.replace(' GNU/Linux', '').replace(/ \([^)]*\)$/, '');

/** Boards with a device tree tell everybody; elsewhere only root may read it. */
function readSerial(root: string): string {
  for (const path of ['proc/device-tree/serial-number', 'sys/class/dmi/id/product_serial']) {
    try {
      return parseDeviceTreeText(readFileSync(join(root, path), 'utf8'));
    } catch {
      // Not told here.
    }
  }
  return '';
}
