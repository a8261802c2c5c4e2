/** The schemas that other programs may rely on, in the order a reader meets them. */
import type * as z from 'zod';
import { Deployment, DeploymentStatus } from '../deployment.ts';
import { DesiredIndex } from '../desired-index.ts';
import { Device } from '../device.ts';
import { DeviceEvent } from '../event.ts';
import { Presence } from '../presence.ts';
import { Problem } from '../problem.ts';
import { RunFile } from '../run-file.ts';
import { Score } from '../score/score.ts';
import { DeviceStatus } from '../status.ts';

export const DOCUMENTED: { name: string; title: string; schema: z.ZodType; intro: string }[] = [
  {
    name: 'score',
    title: 'Score',
    schema: Score,
    intro:
      'What a device is asked to run. Value of KV `desired-state`, key `<device>.<deployment>`: exactly this JSON, nothing around it. A device that meets an unknown `type` or field reports `unsupported` and keeps what runs.',
  },
  {
    name: 'deployment',
    title: 'Deployment',
    schema: Deployment,
    intro:
      'What should run, and on which devices. A file for `scorewall apply -f`, and the value of KV `deployments`, key `<deployment>`, with 64 revisions.',
  },
  {
    name: 'deployment-status',
    title: 'DeploymentStatus',
    schema: DeploymentStatus,
    intro: 'How far a deployment is. Value of KV `deployment-status`, key `<deployment>`; the REST API shows it as `status`.',
  },
  {
    name: 'desired-index',
    title: 'DesiredIndex',
    schema: DesiredIndex,
    intro: 'Everything one device is asked to run. Value of KV `desired-index`, key `<device>`, written by the hub.',
  },
  {
    name: 'device-status',
    title: 'DeviceStatus',
    schema: DeviceStatus,
    intro:
      "A device's report on `status.<device>`, every 30 s and at once on change; kept in KV `status`, key `<device>`, and republished on `wall.status.<device>`.",
  },
  {
    name: 'device-event',
    title: 'DeviceEvent',
    schema: DeviceEvent,
    intro:
      'One line of what happened, on `event.<device>`; kept seven days in the stream `EVENTS` and republished on `wall.event.<device>`.',
  },
  { name: 'device', title: 'Device', schema: Device, intro: "The registry's record. Value of KV `devices`, key `<device>`." },
  { name: 'presence', title: 'Presence', schema: Presence, intro: 'A connection came or went, on `wall.presence.<device>`.' },
  { name: 'problem', title: 'Problem', schema: Problem, intro: 'Every error of the REST API, as `application/problem+json`.' },
  {
    name: 'run',
    title: 'RunFile',
    schema: RunFile,
    intro: '`run.json` in the home folder, written by `scorewall up` when it is ready.',
  },
];
