/** The process that holds a lease, so that its successor on the same machine knows at once when it is gone. */
import { readFileSync, readlinkSync } from 'node:fs';
import * as z from 'zod';
import { processStart } from '#server/up/pid-record.ts';

export const LeaseHolder = z.object({
  space: z.string().describe('Boot and pid namespace in which `pid` means this process.'),
  pid: z.number().int(),
  started: z.string().describe('Tells it from a later process with the same pid.'),
});
export type LeaseHolder = z.infer<typeof LeaseHolder>;

/** undefined: this system does not tell. */
export function ownProcess(): LeaseHolder | undefined {
  const space = pidSpace();
  const started = processStart(process.pid);
  return space && started ? { space, pid: process.pid, started } : undefined;
}

/** True only for a process that would have to be visible from here and is not; of any other machine or container nothing is known. */
export const isGone = ({ space, pid, started }: LeaseHolder): boolean => space === pidSpace() && processStart(pid) !== started;

function pidSpace(): string | undefined {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}
