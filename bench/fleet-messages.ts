/** What a bench and its process of simulated agents tell each other. Times are milliseconds since 1970, with fractions. */

export type FleetOrder =
  | { kind: 'connect'; url: string; intervalMs: number; devices: { name: string; creds: string }[] }
  | { kind: 'pace'; intervalMs: number }
  | { kind: 'fail'; device: string; failing: boolean }
  | { kind: 'close' };

export type FleetAnswer =
  | { kind: 'connected'; tookMs: number }
  | { kind: 'taken'; all: { device: string; deployment: string; revision: number; atMs: number }[] }
  | { kind: 'reported'; device: string; atMs: number }
  | { kind: 'failed'; why: string };

export const nowMs = (): number => performance.timeOrigin + performance.now();
