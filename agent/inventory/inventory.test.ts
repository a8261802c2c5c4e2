import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HostFacts } from '#contracts/status.ts';
import { HostInventory } from './host-inventory.ts';
import { hottestCelsius, parseProductName, parseThrottled } from './parse-hardware.ts';
import { cpuPercent, parseCpuTimes, parseMemory, parseOsName } from './parse-proc.ts';

/** Texts as a Raspberry Pi 5 with Debian 12 has them. */
const PI_5 = {
  'proc/device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0\0',
  'proc/stat': 'cpu  1000 0 500 8000 500 0 100 0 0 0\ncpu0 250 0 125 2000 125 0 25 0 0 0\nintr 1 2 3\n',
  'proc/meminfo': 'MemTotal:        8259232 kB\nMemFree:         5162240 kB\nMemAvailable:    7259232 kB\nBuffers: 1 kB\n',
  'proc/uptime': '35120.52 139912.99\n',
  'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\n',
  'sys/class/thermal/thermal_zone0/type': 'cpu-thermal\n',
  'sys/class/thermal/thermal_zone0/temp': '48850\n',
  'sys/class/thermal/cooling_device0/type': 'pwm-fan\n',
  'sys/devices/platform/soc/soc:firmware/get_throttled': '50000\n',
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
function machine(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'scorewall-inventory-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('the inventory', () => {
  it('of a Raspberry Pi 5 names the board and its heat', () => {
    const facts = new HostInventory('/', machine(PI_5)).sample();
    expect(facts).toMatchObject({
      model: 'Raspberry Pi 5 Model B Rev 1.0',
      os: 'Debian GNU/Linux 12 (bookworm)',
      temperatureCelsius: 48.9,
      throttled: false,
      uptimeSeconds: 35_120,
      // Busy since the start of the machine, until a few seconds can be compared.
      cpuPercent: 15.8,
      memoryTotalBytes: 8_259_232 * 1024,
      memoryUsedBytes: 1_000_000 * 1024,
    });
  });

  it('of a machine that tells nothing is still a valid report', () => {
    const facts = new HostInventory('/nowhere', machine({})).sample();
    expect(HostFacts.parse(facts)).toMatchObject({ model: '', temperatureCelsius: null, throttled: null, diskTotalBytes: 0 });
  });

  it('of this machine is a valid report', () => {
    const facts = HostFacts.parse(new HostInventory('/').sample());
    expect(facts.memoryTotalBytes).toBeGreaterThan(0);
    expect(facts.diskTotalBytes).toBeGreaterThan(0);
    expect(facts.uptimeSeconds).toBeGreaterThan(0);
  });
});

describe('the parts', () => {
  it('CPU use is the busy share of all cores in between', () => {
    const before = parseCpuTimes('cpu  100 0 100 800 0 0 0 0 0 0\n');
    const now = parseCpuTimes('cpu  150 0 150 850 50 0 0 0 0 0\n');
    expect(cpuPercent(before, now)).toBe(50);
    expect(cpuPercent(now, now)).toBe(0);
    expect(cpuPercent(undefined, now)).toBe(0);
  });

  it('old kernels without MemAvailable count free memory', () => {
    expect(parseMemory('MemTotal: 100 kB\nMemFree: 40 kB\n')).toEqual({ totalBytes: 102_400, usedBytes: 61_440 });
  });

  it.each([
    ['PRETTY_NAME="Fedora Linux 42"', 'Fedora Linux 42'],
    ['ID=alpine\nPRETTY_NAME=Alpine', 'Alpine'],
    ['', 'Linux'],
  ])('os-release %j is %s', (text, name) => expect(parseOsName(text)).toBe(name));

  it.each([
    [
      'the processor before the disk',
      [
        { name: 'nvme', milliCelsius: '70000' },
        { name: 'cpu_thermal', milliCelsius: '51200' },
      ],
      51.2,
    ],
    [
      'the hottest of several cores',
      [
        { name: 'cpu0', milliCelsius: '40000' },
        { name: 'cpu1', milliCelsius: '41000' },
      ],
      41,
    ],
    ['whatever there is', [{ name: 'nvme', milliCelsius: '38000' }], 38],
    ['nothing for a sensor that is off', [{ name: 'cpu', milliCelsius: '-274000' }], null],
    ['nothing for no answer', [{ name: 'cpu', milliCelsius: '' }], null],
  ])('heat: %s', (_, sensors, celsius) => expect(hottestCelsius(sensors)).toBe(celsius));

  it.each([
    ['0', false],
    ['50000', false],
    ['50005', true],
    ['throttled=0x8', true],
    ['', null],
    ['error', null],
  ])('firmware word %j slows down now: %s', (text, slow) => expect(parseThrottled(text)).toBe(slow));

  it.each([
    ['LENOVO\n', '20XW\n', 'LENOVO 20XW'],
    ['Dell Inc.', 'To Be Filled By O.E.M.', 'Dell Inc.'],
    ['QEMU', 'QEMU Standard PC', 'QEMU Standard PC'],
    ['Default string', 'Default string', ''],
  ])('%j %j is called %j', (vendor, product, name) => expect(parseProductName(vendor, product)).toBe(name));
});
