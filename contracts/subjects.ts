/** Every NATS subject, built in one place. Tokens are checked names, so a subject can never hold a wildcard by accident. */
import { isName } from './name.ts';

const UID = /^[A-Za-z0-9]{8,64}$/;

function device(name: string): string {
  if (!isName(name)) throw new RangeError(`${JSON.stringify(name)} is not a device name and cannot be part of a subject.`);
  return name;
}

function uid(id: string): string {
  if (!UID.test(id) && !isName(id))
    throw new RangeError(`${JSON.stringify(id)} is not a connection id and cannot be part of a subject.`);
  return id;
}

export const subjects = {
  status: (name: string) => `status.${device(name)}`,
  event: (name: string) => `event.${device(name)}`,
  /** Republish of committed desired-state keys: `desired-state.<device>.<deployment>`. */
  desiredOf: (name: string) => `desired-state.${device(name)}.>`,
  /** Latest value of a desired-state key, by direct get. */
  getDesired: (name: string, deployment: string) =>
    `$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.${device(name)}.${device(deployment)}`,
  /** Latest value of a device's index, by direct get. */
  getDesiredIndex: (name: string) => `$JS.API.DIRECT.GET.KV_desired-index.$KV.desired-index.${device(name)}`,
  inbox: (id: string) => `_INBOX.${uid(id)}`,
  wall: {
    statusOf: (name: string) => `wall.status.${device(name)}`,
    status: 'wall.status.*',
    presenceOf: (name: string) => `wall.presence.${device(name)}`,
    presence: 'wall.presence.*',
    event: 'wall.event.*',
    deployment: 'wall.deployment.*',
    deploymentStatus: 'wall.deployment.*.status',
    /** A device was added, changed or removed. */
    device: 'wall.device.*',
  },
} as const;
