/** How a device stands to a new agent, in the words that the wall and the command line share. Apart from the schemas, as device-words. Pure. */
import type { DeviceUpdate, UpdateRollout } from './api-updates.ts';

export const UPDATE_WORDS: Readonly<Record<DeviceUpdate['state'], string>> = {
  current: 'has it',
  behind: 'runs an older one',
  waiting: 'waits for its turn',
  updating: 'is being updated',
  updated: 'has it',
  returned: 'went back',
  failed: 'did not get it',
  'by-hand': 'not from here',
};

export const BY_HAND = 'Whoever installed its agent updates it.';

export const hasNewAgent = ({ state }: DeviceUpdate): boolean => state === 'updated' || state === 'current';
export const keptOldAgent = ({ state }: DeviceUpdate): boolean => state === 'returned' || state === 'failed';

/** It still is on its way, or waits for a person. */
export const isOnItsWay = (rollout: UpdateRollout | undefined): rollout is UpdateRollout & { state: 'running' | 'paused' } =>
  rollout?.state === 'running' || rollout?.state === 'paused';

/** `Agent 0.2.0: 3 of 9.` */
export function progressWords({ version, state, devices }: UpdateRollout): string {
  const done = devices.filter(hasNewAgent).length;
  return `Agent ${version}${state === 'paused' ? ' is paused at' : ':'} ${done} of ${devices.length}.`;
}
