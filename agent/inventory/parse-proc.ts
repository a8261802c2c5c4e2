/** Reads the texts of /proc and /etc/os-release. Pure. */

export interface CpuTimes {
  busy: number;
  total: number;
}

/** The first line of /proc/stat, in ticks since boot. Time of guests is part of `user` already. */
export function parseCpuTimes(text: string): CpuTimes | undefined {
  const line = /^cpu\s+(.+)$/m.exec(text);
  if (!line) return undefined;
  const ticks = line[1]!.trim().split(/\s+/).slice(0, 8).map(Number);
  const total = ticks.reduce((sum, one) => sum + one, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { busy: total - idle, total };
}

export function cpuPercent(before: CpuTimes | undefined, now: CpuTimes | undefined): number {
  if (!before || !now || now.total <= before.total) return 0;
  const percent = (100 * (now.busy - before.busy)) / (now.total - before.total);
  return Math.round(Math.min(100, Math.max(0, percent)) * 10) / 10;
}

/** Memory that cannot be had without swapping counts as used. */
export function parseMemory(text: string): { totalBytes: number; usedBytes: number } {
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  const total = kilobytes('MemTotal');
  const available = kilobytes('MemAvailable') || kilobytes('MemFree');
  return { totalBytes: total * 1024, usedBytes: (total - available) * 1024 };
}

export const parseUptimeSeconds = (text: string): number => Math.floor(Number.parseFloat(text) || 0);

export function parseOsName(osRelease: string): string {
  const pretty = /^PRETTY_NAME=(?:"([^"]*)"|'([^']*)'|(\S*))/m.exec(osRelease);
  return pretty?.[1] ?? pretty?.[2] ?? pretty?.[3] ?? 'Linux';
}
