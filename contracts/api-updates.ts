/** Bodies of the API about new agents for devices: what the hub carries, who runs what, and how an update travels over the fleet. */
import * as z from 'zod';
import { Name } from './name.ts';

export const AgentRelease = z
  .object({ version: z.string(), builtAt: z.iso.datetime() })
  .meta({ id: 'AgentRelease' })
  .describe('What `npm run package` left on the hub.');
export type AgentRelease = z.infer<typeof AgentRelease>;

export const DeviceUpdate = z
  .object({
    device: Name,
    version: z.string().optional().describe('What runs there, as it said last; absent where it never reported.'),
    state: z
      .enum(['current', 'behind', 'waiting', 'updating', 'updated', 'returned', 'failed', 'by-hand'])
      .describe(
        '`current`: it runs what the hub carries. `behind`: it could be updated. `waiting`: its turn comes, or it is offline. `updated`: by the rollout. `returned`: the new agent did not report healthy, the one before runs again. `by-hand`: it is updated by whoever installed it.',
      ),
    message: z.string().optional().describe('For people.'),
  })
  .meta({ id: 'DeviceUpdate' });
export type DeviceUpdate = z.infer<typeof DeviceUpdate>;

export const UpdateRollout = z
  .object({
    id: z.string(),
    version: z.string(),
    startedAt: z.iso.datetime(),
    startedBy: z.string(),
    state: z
      .enum(['running', 'paused', 'done', 'stopped'])
      .describe('`paused`: a device went back to the agent before, so nobody else gets the new one until a person says so.'),
    why: z.string().optional().describe('Why it is paused, for people.'),
    devices: z.array(DeviceUpdate).describe('In the order of their turns: one first, then more at a time.'),
  })
  .meta({ id: 'UpdateRollout' });
export type UpdateRollout = z.infer<typeof UpdateRollout>;

/** `GET /updates`: of the devices the caller may see. */
export const Updates = z
  .object({
    carried: AgentRelease.optional().describe('Absent where the hub carries no agent.'),
    devices: z.array(DeviceUpdate).describe('All devices, by name.'),
    rollout: UpdateRollout.optional().describe('The newest one.'),
  })
  .meta({ id: 'Updates' });
export type Updates = z.infer<typeof Updates>;

/** `POST /updates`. One rollout at a time; one that only waits for devices that are off makes room, and its devices come along. */
export const UpdateRequest = z
  .strictObject({ devices: z.array(Name).min(1).max(10_000).optional().describe('All that are behind, if absent.') })
  .meta({ id: 'UpdateRequest' });
export type UpdateRequest = z.infer<typeof UpdateRequest>;

/** `POST /updates/decide`: what becomes of a rollout that is paused, or of one that runs (`stop`). */
export const UpdateDecision = z.strictObject({ decision: z.enum(['go-on', 'stop']) }).meta({ id: 'UpdateDecision' });
export type UpdateDecision = z.infer<typeof UpdateDecision>;
