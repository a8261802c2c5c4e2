/** Samples the machine by reading /proc, /sys and statfs. No process is started, nothing here can fail the report. */
import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, hostname, release } from 'node:os';
import { join } from 'node:path';
import type { HostFacts } from '#contracts/status.ts';
import { hottestCelsius, parseDeviceTreeText, parseProductName, parseThrottled, type Sensor } from './parse-hardware.ts';
import { type CpuTimes, cpuPercent, parseCpuTimes, parseMemory, parseOsName, parseUptimeSeconds } from './parse-proc.ts';

/** Reports may follow each other every 100 ms; the machine does not change that fast, and CPU use needs a span to speak of. */
const FRESH_MS = 1_000;
/** Over less time, what is shown is mostly the agent's own start. Until then: the average since the machine started. */
const CPU_SPAN_MS = 5_000;

export class HostInventory {
  #stateDir: string;
  #root: string;
  #fixed: Pick<HostFacts, 'model' | 'os' | 'kernel' | 'arch'>;
  #sensors: readonly { name: string; path: string }[];
  #cpu: { times: CpuTimes | undefined; atMs: number; percent: number };
  #last: { facts: HostFacts; atMs: number } | undefined;

  /** `root` is where /proc, /sys and /etc are looked for. */
  constructor(stateDir: string, root = '/') {
    this.#stateDir = stateDir;
    this.#root = root;
    this.#fixed = {
      model: this.#readModel(),
      os: parseOsName(this.#read('etc/os-release') || this.#read('usr/lib/os-release')),
      kernel: release(),
      arch: process.arch,
    };
    this.#sensors = this.#findSensors();
    const times = parseCpuTimes(this.#read('proc/stat'));
    this.#cpu = { times, atMs: performance.now(), percent: cpuPercent({ busy: 0, total: 0 }, times) };
  }

  sample(): HostFacts {
    const nowMs = performance.now();
    if (this.#last && nowMs - this.#last.atMs < FRESH_MS) return this.#last.facts;
    const memory = parseMemory(this.#read('proc/meminfo'));
    const facts: HostFacts = {
      hostname: hostname(),
      ...this.#fixed,
      cpuCount: availableParallelism(),
      cpuPercent: this.#cpuPercent(nowMs),
      memoryTotalBytes: memory.totalBytes,
      memoryUsedBytes: memory.usedBytes,
      ...this.#readDisk(),
      temperatureCelsius: this.#readTemperature(),
      uptimeSeconds: parseUptimeSeconds(this.#read('proc/uptime')),
      throttled: parseThrottled(this.#read('sys/devices/platform/soc/soc:firmware/get_throttled')),
    };
    this.#last = { facts, atMs: nowMs };
    return facts;
  }

  #cpuPercent(nowMs: number): number {
    if (nowMs - this.#cpu.atMs >= CPU_SPAN_MS) {
      const times = parseCpuTimes(this.#read('proc/stat'));
      this.#cpu = { times, atMs: nowMs, percent: cpuPercent(this.#cpu.times, times) };
    }
    return this.#cpu.percent;
  }

  #readModel(): string {
    const model = parseDeviceTreeText(this.#read('proc/device-tree/model'));
    const dmi = (name: string) => this.#read(`sys/class/dmi/id/${name}`);
    return model || parseProductName(dmi('sys_vendor'), dmi('product_name'));
  }

  #findSensors(): { name: string; path: string }[] {
    const zones = this.#list('sys/class/thermal')
      .filter((zone) => zone.startsWith('thermal_zone'))
      .map((zone) => ({ name: this.#read(`sys/class/thermal/${zone}/type`).trim(), path: `sys/class/thermal/${zone}/temp` }));
    if (zones.length > 0) return zones;
    return this.#list('sys/class/hwmon').map((chip) => ({
      name: this.#read(`sys/class/hwmon/${chip}/name`).trim(),
      path: `sys/class/hwmon/${chip}/temp1_input`,
    }));
  }

  #readTemperature(): number | null {
    return hottestCelsius(this.#sensors.map(({ name, path }): Sensor => ({ name, milliCelsius: this.#read(path) })));
  }

  /** Blocks kept back for root count as used: services cannot have them. */
  #readDisk(): Pick<HostFacts, 'diskTotalBytes' | 'diskUsedBytes'> {
    try {
      const { blocks, bavail, bsize } = statfsSync(this.#stateDir);
      return { diskTotalBytes: blocks * bsize, diskUsedBytes: (blocks - bavail) * bsize };
    } catch {
      return { diskTotalBytes: 0, diskUsedBytes: 0 };
    }
  }

  #read(path: string): string {
    try {
      return readFileSync(join(this.#root, path), 'utf8');
    } catch {
      return '';
    }
  }

  #list(path: string): string[] {
    try {
      return readdirSync(join(this.#root, path)).sort();
    } catch {
      return [];
    }
  }
}
