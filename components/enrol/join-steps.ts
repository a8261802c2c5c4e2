/** How far a device that joins is, as four lines of one dialog. Pure. */
import { JOIN_STAGES, type JoinStage, type JoinView } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';

export interface JoinStep {
  state: 'done' | 'now' | 'next' | 'failed';
  text: string;
}

const isPast = (stage: JoinStage, one: JoinStage) => JOIN_STAGES.indexOf(stage) > JOIN_STAGES.indexOf(one);

/** Last stage of each line, and its words while it waits, while it is under way and when it is done. */
const LINES: readonly { from: JoinStage; to: JoinStage; words: (join: JoinView) => [next: string, now: string, done: string] }[] =
  [
    {
      from: 'waiting',
      to: 'waiting',
      words: () => ['', 'Waiting for the device. Nothing has fetched the script yet.', 'The device fetched the script.'],
    },
    {
      from: 'contacted',
      to: 'agent',
      words: ({ stage, message }) => ['Install the agent', message ?? INSTALLING[stage] ?? 'Installing …', 'Agent installed.'],
    },
    {
      from: 'enrolling',
      to: 'approval',
      words: ({ stage }) => [
        'Say hello',
        stage === 'approval' ? 'Said hello. Same words on both?' : 'Saying hello …',
        'Said hello.',
      ],
    },
    {
      from: 'connecting',
      to: 'connecting',
      words: ({ device }) => ['On the wall', 'Connecting …', device ? `Welcome, ${displayName(device)}.` : 'On the wall.'],
    },
  ];

const INSTALLING: Partial<Record<JoinStage, string>> = {
  contacted: 'The script runs …',
  checking: 'Checking the machine …',
  podman: 'Installing podman …',
  agent: 'Installing the agent …',
};

/** `failedAt`: the last stage that was seen before it failed. */
export function joinSteps(join: JoinView, failedAt: JoinStage = 'contacted'): JoinStep[] {
  const failed = join.stage === 'failed';
  const stage = failed ? failedAt : join.stage;
  return LINES.map(({ from, to, words }) => {
    const [next, now, done] = words({ ...join, stage });
    if (stage === 'ready' || isPast(stage, to)) return { state: 'done', text: done };
    if (stage !== from && !isPast(stage, from)) return { state: 'next', text: next };
    return failed
      ? { state: 'failed', text: join.message ?? 'It did not work. The device says why.' }
      : { state: 'now', text: now };
  });
}
