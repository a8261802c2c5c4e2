/** What a review needs to know of the fleet, from the view in memory. */
import type { Hub } from '../hub.ts';
import type { Fleet } from './fleet-issues.ts';

export async function readFleet({ fleet }: Hub): Promise<Fleet> {
  await fleet.whenRead;
  return { devices: fleet.registered, deployments: fleet.wanted, keys: [...fleet.desired.entries.values()] };
}
