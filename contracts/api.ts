/** Bodies of the REST API under `/api/v1`: one schema each for the server's routes, the command line and the pages. */
import * as z from 'zod';
import { Grant, RIGHTS, Role } from './access.ts';
import { Code, ONE_WAY_IN, oneWayIn, PasskeyRegistration } from './api-auth.ts';
import { Deployment, DeploymentStatus } from './deployment.ts';
import { Device } from './device.ts';
import { DeviceEvent } from './event.ts';
import { Issue } from './issue.ts';
import { Labels, Name } from './name.ts';
import { Presence } from './presence.ts';
import { DeviceDeploymentStatus, DeviceStatus } from './status.ts';
import { SessionId } from './stream/session.ts';
import { Uid } from './uid.ts';

export const PASSWORD_MIN = 10;
const Password = z.string().min(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters.`).max(1024);

export const OwnerRequest = z
  .strictObject({
    token: z.string().min(1).describe('The secret of the one-time link.'),
    password: Password.optional().describe("The owner's new password."),
    passkey: PasskeyRegistration.optional().describe('In its place; options from `POST /links/passkey-options`.'),
    wallName: z.string().trim().min(1).max(40).optional().describe("The wall's name, Workshop if absent."),
  })
  .refine(oneWayIn, ONE_WAY_IN)
  .meta({ id: 'OwnerRequest' });
export const LoginRequest = z
  .strictObject({
    user: Name.optional().describe('`owner` if absent.'),
    password: z.string().min(1).max(1024),
    code: Code.optional().describe('Asked for by the problem `code-needed`.'),
  })
  .meta({ id: 'LoginRequest' });

export const Session = z
  .object({
    user: z.string().describe('Who is signed in.'),
    role: Role.describe('What they may do.'),
    kind: z
      .enum(['person', 'tv', 'guest'])
      .describe('`tv`: a paired screen that shows a wall and nothing else. `guest`: a link to one terminal.'),
    rights: z.array(z.enum(RIGHTS)).describe('What they may do on at least one device; empty for a guest.'),
    grants: z.array(Grant).optional().describe('Where they may do it; absent for guests.'),
    provenUntil: z.iso
      .datetime()
      .optional()
      .describe('Until then nothing asks for another proof. Absent for TVs, guests and tokens.'),
    guest: z.object({ device: Name, sid: SessionId }).optional().describe('The terminal a guest may watch.'),
    wall: Name.optional().describe('The saved wall a TV shows.'),
    wallName: z.string(),
    expiresAt: z.iso.datetime().describe('When the session ends at the latest.'),
    version: z.string().describe('Version of the hub.'),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const OwnerLink = z
  .object({
    url: z.string().describe('Opens the page that sets a new password. Good once.'),
    expiresAt: z.iso.datetime().describe('When it stops working: 15 minutes from now.'),
  })
  .meta({ id: 'OwnerLink' });
export type OwnerLink = z.infer<typeof OwnerLink>;

export const NatsCredentialsRequest = z
  .strictObject({
    publicKey: z
      .string()
      .regex(/^U[A-Z2-7]{55}$/, 'A public user nkey starts with U and has 56 characters.')
      .describe('Public nkey made by the client; the seed never leaves it.'),
    tab: z
      .string()
      .regex(/^[0-9a-f]{16}$/, 'A tab id is 16 hex digits.')
      .optional()
      .describe(
        'Made once by a tab or a run of the command line: the same tab of the same session gets the same `uid` at renewal.',
      ),
  })
  .meta({ id: 'NatsCredentialsRequest' });

export const NatsCredentials = z
  .object({
    jwt: z.string().describe('NATS user JWT, good for 15 minutes.'),
    uid: Uid.describe('Connection id: part of this client`s inbox and request subjects.'),
    inboxPrefix: z.string().describe('Every inbox of this connection starts with it.'),
    expiresAt: z.iso.datetime(),
    hears: z
      .object({ devices: z.array(Name), deployments: z.array(Name) })
      .optional()
      .describe('Present for somebody whose rights end at some devices: subscribe to these one by one.'),
    proofNeeded: z.boolean().optional().describe('True: with a proof (`POST /step-up`) the next credentials would also drive.'),
  })
  .meta({ id: 'NatsCredentials' });
export type NatsCredentials = z.infer<typeof NatsCredentials>;

/** A value of a bucket together with its revision: what a live message is compared against. */
const revisioned = <T extends z.ZodType>(value: T) =>
  z.object({
    revision: z.number().int().describe('KV revision.'),
    receivedAt: z.iso.datetime().describe('When the hub stored it.'),
    value,
  });

export const StatusEntry = revisioned(DeviceStatus).meta({ id: 'StatusEntry' });
export type StatusEntry = z.infer<typeof StatusEntry>;
export const DeploymentEntry = z
  .object({
    revision: z.number().int().describe('KV revision; send it back as If-Match.'),
    deployment: Deployment,
    status: DeploymentStatus.optional(),
    statusRevision: z.number().int().optional().describe('KV revision of `status` in its own bucket.'),
  })
  .meta({ id: 'DeploymentEntry' });
export type DeploymentEntry = z.infer<typeof DeploymentEntry>;
export const DeviceEntry = z.object({ revision: z.number().int(), device: Device }).meta({ id: 'DeviceEntry' });
export type DeviceEntry = z.infer<typeof DeviceEntry>;

export const WallSnapshot = z
  .object({
    takenAt: z.iso.datetime().describe("The hub's clock, for ages."),
    wallName: z.string(),
    devices: z.array(DeviceEntry),
    statuses: z.array(StatusEntry),
    presence: z.array(Presence),
    presenceKnown: z.boolean().describe('False where the hub has no system account and cannot see connections.'),
    deployments: z.array(DeploymentEntry),
    events: z.array(DeviceEvent).describe('The last eight of each device, oldest first.'),
  })
  .describe('Everything the wall shows. Subscribe first, then read this, then drop live messages with an older revision.')
  .meta({ id: 'WallSnapshot' });
export type WallSnapshot = z.infer<typeof WallSnapshot>;

export const AddDeviceRequest = z
  .strictObject({
    name: Name,
    labels: Labels.optional(),
    local: z.boolean().optional().describe('It runs on the same machine as the hub.'),
  })
  .meta({ id: 'AddDeviceRequest' });
export const AddedDevice = z
  .object({
    device: Device,
    revision: z.number().int(),
    config: z.object({ fileName: z.string(), content: z.string().describe('TOML for `scorewall-agent --config`.') }),
    creds: z.object({
      fileName: z.string(),
      content: z.string().describe('NATS credentials with the secret key of the device. Shown once, kept nowhere.'),
    }),
    ca: z
      .object({ fileName: z.string(), content: z.string().describe("The fleet's CA certificate, PEM. No secret.") })
      .optional()
      .describe("Present where the hub's NATS speaks TLS with a certificate of the fleet's own CA; the config names it."),
  })
  .meta({ id: 'AddedDevice' });
export type AddedDevice = z.infer<typeof AddedDevice>;
export const LabelDeviceRequest = z
  .strictObject({ labels: Labels.describe('All labels of the device from now on.') })
  .meta({ id: 'LabelDeviceRequest' });

export const RemovedDevice = z
  .object({
    revoked: z.boolean().describe('Its key is refused from now on.'),
    kicked: z.number().int().describe('Connections that were cut.'),
    off: z.array(z.string()).describe('What the hub could not do, in words. Empty when all was done.'),
  })
  .meta({ id: 'RemovedDevice' });
export type RemovedDevice = z.infer<typeof RemovedDevice>;

export const DeviceDetail = z
  .object({
    revision: z.number().int(),
    device: Device,
    presence: Presence.optional(),
    status: StatusEntry.optional(),
    deployments: z.array(Name).describe('Deployments meant for it.'),
  })
  .meta({ id: 'DeviceDetail' });
export type DeviceDetail = z.infer<typeof DeviceDetail>;

export const Review = z
  .object({
    issues: z.array(Issue).describe('Errors stop the deployment, warnings do not.'),
    targets: z.array(z.object({ device: Name, online: z.boolean(), known: z.boolean() })).describe('Devices it would go to.'),
    removedFrom: z.array(Name).describe('Devices that would lose it.'),
    currentRevision: z.number().int().nullable().describe('KV revision now stored; null for a new deployment.'),
    currentManifest: z.string().nullable().describe('YAML now stored, for the comparison.'),
    changed: z.boolean().describe('False: this is exactly what is stored.'),
  })
  .describe('What a write would do. Nothing is changed.')
  .meta({ id: 'Review' });
export type Review = z.infer<typeof Review>;

export const DeploymentRevision = z
  .object({
    generation: z.number().int(),
    revision: z.number().int(),
    createdAt: z.iso.datetime(),
    author: z.string(),
    message: z.string(),
    deleted: z.boolean(),
    manifest: z.string().describe('YAML as written.'),
  })
  .meta({ id: 'DeploymentRevision' });
export type DeploymentRevision = z.infer<typeof DeploymentRevision>;

export const DeploymentOnDevice = z
  .object({
    device: Name,
    online: z.boolean(),
    takenUp: z.boolean().describe('The device has taken up the newest revision.'),
    state: z.enum(['running', 'updating', 'attention', 'failed', 'offline']).describe('As counted in the aggregate.'),
    status: DeviceDeploymentStatus.optional(),
  })
  .meta({ id: 'DeploymentOnDevice' });
export type DeploymentOnDevice = z.infer<typeof DeploymentOnDevice>;

const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
export const DeviceList = list(DeviceDetail).meta({ id: 'DeviceList' });
export const DeploymentList = list(DeploymentEntry).meta({ id: 'DeploymentList' });
export const DeploymentRevisionList = list(DeploymentRevision).meta({ id: 'DeploymentRevisionList' });
export const DeploymentOnDeviceList = list(DeploymentOnDevice).meta({ id: 'DeploymentOnDeviceList' });
export const StatusList = list(StatusEntry).meta({ id: 'StatusList' });
export const EventList = list(DeviceEvent).meta({ id: 'EventList' });

export const Readiness = z
  .object({
    ready: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof Readiness>;
