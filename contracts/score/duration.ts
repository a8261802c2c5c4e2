/** Durations as the Compose specification writes them: `1m30s`, `500ms`, `2h`. */
import * as z from 'zod';

const DURATION = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?(?:(\d+)us)?$/;

export const Duration = z
  .string()
  .refine((text) => text !== '' && DURATION.test(text), {
    error: (issue) => `${JSON.stringify(issue.input)} is not a duration. Write it like 30s, 1m30s or 500ms.`,
  })
  .describe('A duration such as `30s`, `1m30s` or `500ms` (Compose specification).');

/** Milliseconds of a valid duration; 0 for an invalid one. */
export function durationMs(text: string): number {
  const match = DURATION.exec(text);
  if (!match) return 0;
  const [hours = 0, minutes = 0, seconds = 0, ms = 0, us = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + ms + us / 1000;
}
