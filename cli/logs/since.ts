/** `--since 90m`, `--since 2026-01-31T10:00:00Z`: how far back. */
import { CliError, EXIT } from '../exit-code.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function readSince(text: string, nowMs: number): string {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return new Date(nowMs - Number(amount) * UNIT_MS[unit]!).toISOString();
  const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(moment)) return new Date(moment).toISOString();
  throw new CliError(
    EXIT.usage,
    `${JSON.stringify(text)} is no time.`,
    'Nothing was asked. Write it like 30s, 15m, 1h, 2d, or 2026-01-31T10:00:00Z.',
  );
}
