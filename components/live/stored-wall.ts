/** The wall's snapshot, read entry by entry: a device that reports nonsense is left out instead of blinding the whole wall. */
import * as z from 'zod';
import { DeploymentEntry, DeviceEntry, StatusEntry } from '#contracts/api.ts';
import { DeviceEvent } from '#contracts/event.ts';
import { Presence } from '#contracts/presence.ts';

function readable<T extends z.ZodType>(item: T) {
  return z.array(z.unknown()).transform((all): z.output<T>[] =>
    all.flatMap((one) => {
      const parsed = item.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    }),
  );
}

export const StoredWall = z.object({
  takenAt: z.iso.datetime(),
  wallName: z.string(),
  devices: readable(DeviceEntry),
  statuses: readable(StatusEntry),
  presence: readable(Presence),
  presenceKnown: z.boolean(),
  deployments: readable(DeploymentEntry),
  events: readable(DeviceEvent),
});
export type StoredWall = z.infer<typeof StoredWall>;
