/**
 * A live message as the change it means; undefined if it cannot be read. Whom it speaks of is taken from the subject, which NATS
 * enforces, never from the body, which a device writes.
 */
import type * as z from 'zod';
import { Deployment, DeploymentStatus } from '#contracts/deployment.ts';
import { Device } from '#contracts/device.ts';
import { DeviceEvent } from '#contracts/event.ts';
import { Presence } from '#contracts/presence.ts';
import { DeviceStatus } from '#contracts/status.ts';
import type { DeploymentChange } from './deployment-view.ts';
import type { DeviceChange } from './device-view.ts';

export interface WallMessage {
  subject: string;
  text: string;
  /** `Nats-Sequence` of the republished message: the KV revision. Absent on presence. */
  sequence: number | undefined;
  /** A delete or purge marker of the bucket. */
  deleted: boolean;
}

export interface MessageClock {
  nowMs: number;
  /** This browser's clock minus the hub's. */
  offsetMs: number;
}

export function readWallMessage(message: WallMessage, clock: MessageClock): DeviceChange | DeploymentChange | undefined {
  const [, kind, name, part] = message.subject.split('.');
  if (!name) return undefined;
  switch (part ? `${kind}.${part}` : kind) {
    case 'device':
      return revisioned(message, Device, (revision, device) => ({
        kind: 'device',
        name,
        revision,
        device: device && { ...device, name },
      }));
    case 'status':
      return revisioned(message, DeviceStatus, (revision, status) => ({
        kind: 'status',
        name,
        revision,
        status: status && { ...status, device: name },
        receivedAtMs: clock.nowMs,
      }));
    case 'presence': {
      const presence = parse(Presence, message.text);
      return (
        presence && {
          kind: 'presence',
          name,
          connected: presence.connected,
          atMs: Date.parse(presence.at) + clock.offsetMs,
          address: presence.address,
        }
      );
    }
    case 'event': {
      const event = parse(DeviceEvent, message.text);
      return event && { kind: 'event', name, event: { ...event, device: name } };
    }
    case 'deployment':
      return revisioned(message, Deployment, (revision, deployment) => ({ kind: 'deployment', name, revision, deployment }));
    case 'deployment.status':
      return revisioned(message, DeploymentStatus, (revision, status) => ({ kind: 'deployment-status', name, revision, status }));
    default:
      return undefined;
  }
}

function revisioned<T extends z.ZodType, Change>(
  { text, sequence, deleted }: WallMessage,
  schema: T,
  change: (revision: number, value: z.output<T> | undefined) => Change,
): Change | undefined {
  if (sequence === undefined) return undefined;
  if (deleted) return change(sequence, undefined);
  const value = parse(schema, text);
  return value === undefined ? undefined : change(sequence, value);
}

function parse<T extends z.ZodType>(schema: T, text: string): z.output<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
