/** What the wall says aloud: changes of health gathered over a few seconds, as one sentence. Pure. */
import type { Health } from '#contracts/health.ts';
import { listNames } from '../ui/words.ts';

export interface HealthChange {
  name: string;
  from: Health;
  to: Health;
}

const SAYS: readonly [matches: (change: HealthChange) => boolean, say: (names: string, many: boolean) => string][] = [
  [({ to }) => to === 'failed', (names) => `Something failed on ${names}.`],
  [({ to }) => to === 'needs-you', (names, many) => `${names} ${many ? 'need' : 'needs'} you.`],
  [({ to }) => to === 'offline', (names, many) => `${names} ${many ? 'are' : 'is'} offline.`],
  [({ from, to }) => from === 'offline' && to !== 'not-seen', (names, many) => `${names} ${many ? 'are' : 'is'} back.`],
  [({ from, to }) => from === 'updating' && to === 'running', (names) => `${names} finished updating.`],
  [({ to }) => to === 'attention', (names, many) => `${names} ${many ? 'need' : 'needs'} attention.`],
  [({ to }) => to === 'updating', (names, many) => `${names} ${many ? 'are' : 'is'} updating.`],
  [({ from, to }) => from === 'not-seen' && to === 'running', (names, many) => `${names} ${many ? 'are' : 'is'} on the wall.`],
  [({ to }) => to === 'running', (names, many) => `${names} ${many ? 'run' : 'runs'} again.`],
];

/** The most urgent group only: one sentence at a time. */
export function announcement(changes: readonly HealthChange[]): { text: string; urgent: boolean } | undefined {
  for (const [matches, say] of SAYS) {
    const names = changes.filter(matches).map((change) => change.name);
    if (names.length > 0) {
      const urgent = changes.some(({ to }) => to === 'failed' || to === 'needs-you');
      return { text: say(listNames(names), names.length > 1), urgent };
    }
  }
  return undefined;
}
