/** What a person makes of a rollout: one that is paused goes on, and any that is under way can be stopped. */
import type { UpdateDecision, UpdateRollout } from '#contracts/api-updates.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { reaches, reachOf } from '../auth/reach.ts';
import { changed } from '../kv/changed.ts';
import { listAgents, toRollout } from './describe-updates.ts';
import { isUnderWay, ROLLOUT_KEY, type RolloutRecord } from './records.ts';

export const decideUpdate = audited<UpdateDecision, UpdateRollout>(
  'update.decide',
  ({ decision }) => decision,
  async ({ ctx, input: { decision } }) => {
    const { hub, actor } = ctx;
    const [agents, manage] = await Promise.all([listAgents(hub), reachOf(hub, actor, 'manage')]);
    const there = new Set(agents.map(({ device }) => device));
    const after = await changed(hub.updates.rollouts, ROLLOUT_KEY, (before) => {
      if (before.devices.some(({ device }) => there.has(device) && !reaches(manage, device)))
        throw new ProblemError(
          'forbidden',
          'This update also goes to devices that your rights do not reach.',
          'Nothing has changed. Ask whoever manages people here.',
        );
      if (!isUnderWay(before)) throw noneUnderWay();
      return decision === 'stop' ? stopped(before, actor.user) : goneOn(before);
    });
    if (!after) throw noneUnderWay();
    const rollout = toRollout(after, agents);
    if (!rollout) throw noneUnderWay();
    return rollout;
  },
);

const stopped = (before: RolloutRecord, by: string): RolloutRecord => ({
  ...before,
  state: 'stopped',
  why: `Stopped by ${by}.`,
  culprit: undefined,
});

/** Who went back, or could not be given it, keeps what it has: that takes a rollout of its own. */
function goneOn(before: RolloutRecord): RolloutRecord {
  if (before.state === 'paused') return { ...before, state: 'running', why: undefined, culprit: undefined };
  throw new ProblemError('conflict', 'This update is not paused.', 'Nothing has changed. It goes on by itself.');
}

const noneUnderWay = () =>
  new ProblemError('conflict', 'No update is under way.', 'Nothing has changed. Look at the page again: it may have ended.');
