/** What happened, as events for the device's journal: one sentence each, names first. Pure. */
import type { DeviceEvent } from '#contracts/event.ts';
import type { Action } from './action.ts';
import { isUp } from './actual.ts';
import { troubleOf } from './trouble.ts';
import type { Outcome, World } from './world.ts';

export type Told = Omit<DeviceEvent, 'device' | 'at'>;

/** The event of an action that ended; `before` is the world it ended in. undefined: nothing worth telling. */
export function tellAction(action: Action, outcome: Outcome, before: World): Told | undefined {
  const [deployment, service] = action.kind === 'pull' ? split(action.keys[0] ?? '') : split(action.key);
  const told = (kind: Told['kind'], message: string): Told => ({ kind, deployment, service, message });
  if (!outcome.ok) return tellFailure(action, outcome, before);
  switch (action.kind) {
    case 'pull':
      return told('pulled', `The image ${action.image} is here.`);
    case 'start':
      if (action.reason === 'fallback')
        return told('repaired', `${service} runs as it was before, because the new version does not start.`);
      return before.memory.ran.get(action.key) === before.actual.containers.get(action.id)?.text
        ? told('repaired', `${service} had stopped and runs again.`)
        : told('started', `${service} runs.`);
    case 'stop':
      return action.reason === 'half-stopped' ? undefined : told('stopped', STOPPED[action.reason](service));
    case 'remove':
      return action.reason === 'unwanted' ? told('removed', `${service} is removed.`) : undefined;
    default:
      return undefined;
  }
}

const STOPPED = {
  unwanted: (service: string) => `${service} is stopped, because it is no longer asked for.`,
  replaced: (service: string) => `${service} is stopped for its new version.`,
  brake: (service: string) => `${service} stops by itself again and again; it is started again after a pause.`,
};

function tellFailure(action: Action, outcome: Extract<Outcome, { ok: false }>, { actual, memory }: World): Told | undefined {
  const { code, message: said } = outcome.error;
  if (code === 'aborted' || code === 'unreachable' || code === 'name-taken' || code === 'not-found') return undefined;
  if (action.kind === 'rename' || action.kind === 'remove-image') return undefined;
  if (action.kind === 'create' && code === 'image-missing') return undefined;
  const [key = ''] = action.kind === 'pull' ? action.keys : [action.key];
  // Told once; that it is tried again with the same end is in the report.
  if (memory.failures.get('id' in action && action.kind !== 'start' ? action.id : key)?.code === code) return undefined;
  const [deployment, service] = split(key);
  const image =
    action.kind === 'pull'
      ? action.image
      : action.kind === 'create'
        ? action.service.spec.image
        : (actual.containers.get(action.id)?.image ?? '');
  const keeps = [...actual.containers.values()].some((one) => one.key === key && isUp(one));
  return {
    kind: 'failed',
    deployment,
    service,
    message: troubleOf({ code, message: said, step: action.kind }, { service, image, keeps }).message,
  };
}

export const tellDeath = (key: string, exitCode: number): Told => {
  const [deployment, service] = split(key);
  return { kind: 'died', deployment, service, message: `${service} stopped by itself with exit code ${exitCode}.` };
};

export function tellHealth(key: string, health: 'healthy' | 'unhealthy'): Told {
  const [deployment, service] = split(key);
  return {
    kind: health,
    deployment,
    service,
    message: health === 'healthy' ? `${service} is healthy.` : `The health check of ${service} fails.`,
  };
}

export const tellUnsupported = (deployment: string, message: string): Told => ({ kind: 'unsupported', deployment, message });

export const tellRefused = (key: string, message: string): Told => {
  const [deployment, service] = split(key);
  return { kind: 'failed', deployment, service, message };
};

function split(key: string): [deployment: string, service: string] {
  const at = key.indexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}
