/** Bodies of the API about devices' identity: joining, the chain, keeping out, and the record of who did what. */
import * as z from 'zod';
import { Labels, Name } from './name.ts';

export const JOIN_STAGES = [
  'waiting',
  'contacted',
  'checking',
  'podman',
  'agent',
  'enrolling',
  'approval',
  'connecting',
  'ready',
  'failed',
] as const;
export const JoinStage = z.enum(JOIN_STAGES);
export type JoinStage = z.infer<typeof JoinStage>;

export const JoinTokenRequest = z
  .strictObject({
    name: Name.optional().describe('Name of the device; its host name if absent.'),
    labels: Labels.optional(),
    approval: z.boolean().optional().describe('Somebody must compare the match words and say yes.'),
    minutes: z.int().min(5).max(10_080).optional().describe('How long it is good for; 60 if absent.'),
    /** Set by the verb that takes a device back: its chain goes on. */
    readmit: z.boolean().optional(),
  })
  .meta({ id: 'JoinTokenRequest' });

export const JoinView = z
  .object({
    tid: z.string(),
    name: Name.optional(),
    stage: JoinStage,
    /** In words, of what stands still or failed. */
    message: z.string().optional(),
    words: z.string().optional().describe('Match words, while it waits for approval.'),
    device: Name.optional().describe('The device it became.'),
    approval: z.boolean(),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'JoinView' });
export type JoinView = z.infer<typeof JoinView>;

export const NewJoin = z
  .object({
    join: JoinView,
    token: z.string().describe('Shown once. Good for one device.'),
    line: z.string().describe('To paste on the device.'),
    /** For the boot partition of an SD card. */
    bootFile: z.object({ name: z.string(), text: z.string() }),
  })
  .meta({ id: 'NewJoin' });
export type NewJoin = z.infer<typeof NewJoin>;

/** `POST /rc/stage`, without a session: the installer tells how far it is. Believed for show only. */
export const JoinStageReport = z
  .strictObject({
    tid: z.string().regex(/^[0-9a-f]{16}$/),
    stage: z.enum(['contacted', 'checking', 'podman', 'agent', 'enrolling', 'failed']),
    message: z.string().max(200).optional(),
  })
  .meta({ id: 'JoinStageReport' });

export const DeviceIdentity = z
  .object({
    device: Name,
    source: z
      .enum(['roadchain', 'creds', 'toml-shared', 'oidc'])
      .describe('How it proves who it is; `toml-shared` is for a lab.'),
    standing: z.enum(['active', 'contested', 'kept-out']),
    why: z.string().optional(),
    head: z.string().optional().describe('Head of its chain, base64url.'),
    epoch: z.int().optional(),
    lastTickAt: z.iso.datetime().optional(),
    rotating: z.boolean().optional(),
    holders: z
      .array(
        z.object({
          holder: z.string().describe('To choose it by.'),
          address: z.string().optional(),
          connectedSince: z.iso.datetime(),
          current: z.boolean().describe('It was here before the others.'),
        }),
      )
      .optional()
      .describe('While it is contested: who is connected by its key, whoever was here first first.'),
    chosen: z.string().optional().describe('The one of them that a person chose, until it has its next key.'),
    entries: z
      .array(z.object({ seq: z.int(), entry: z.unknown().describe('A `LedgerEntry` of the roadchain.') }))
      .describe('Oldest first; the last 256.'),
    anchor: z.string().describe('Public key of the anchor, base64url.'),
  })
  .meta({ id: 'DeviceIdentity' });
export type DeviceIdentity = z.infer<typeof DeviceIdentity>;

/** `POST /devices/:name/clear`: the one that runs is the right one; of several that are connected, this one. */
export const ClearRequest = z
  .strictObject({
    holder: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional()
      .describe('One of `holders`; absent: the only one.'),
  })
  .meta({ id: 'ClearRequest' });

/** `GET /ledger?from=N&device=D`: what a browser needs to check the history by itself. */
export const LedgerProof = z
  .object({
    checkpoint: z.object({ body: z.string().describe('Canonical text: fleet, size, root, at.'), sig: z.string() }),
    consistency: z
      .array(z.string())
      .describe('RFC 6962 proof from `from` to the size of the checkpoint; empty where `from` is 0.'),
    inclusion: z.array(z.object({ seq: z.int(), proof: z.array(z.string()) })).describe('One for each entry of the device.'),
  })
  .meta({ id: 'LedgerProof' });
export type LedgerProof = z.infer<typeof LedgerProof>;

export const KeepOutResult = z
  .object({
    connections: z.int().describe('Connections that were cut.'),
    tookMs: z.int().describe('Until the last of them was cut.'),
    off: z.array(z.string()).describe('What could not be done, in words. Empty when all was done.'),
  })
  .meta({ id: 'KeepOutResult' });
export type KeepOutResult = z.infer<typeof KeepOutResult>;

export const RotateAllResult = z.object({ req: z.string(), devices: z.array(Name) }).meta({ id: 'RotateAllResult' });

/** `POST /rc/exchange`, without a session: a token of the fleet's identity provider for credentials on NATS. */
export const ExchangeRequest = z
  .strictObject({
    token: z.string().max(16_384).describe('ID or access token, as a signed JWT.'),
    publicKey: z
      .string()
      .regex(/^U[A-Z2-7]{55}$/)
      .describe("The device's own NATS user key: the private part never leaves it."),
  })
  .meta({ id: 'ExchangeRequest' });
export const ExchangeAnswer = z
  .object({
    device: Name,
    jwt: z.string(),
    nats: z.object({ urls: z.array(z.string()), ca: z.string().optional().describe('PEM.') }),
  })
  .meta({ id: 'ExchangeAnswer' });
export type ExchangeAnswer = z.infer<typeof ExchangeAnswer>;

/** A line of the record: who did what, from where, with what result. `prev` chains them: nothing is taken out unseen. */
export const AuditLine = z
  .object({
    seq: z.int(),
    at: z.iso.datetime(),
    user: z.string(),
    via: z.enum(['session', 'token', 'none', 'device']),
    from: z.string().optional().describe('Network address.'),
    action: z.string().describe('`deployment.put`.'),
    target: z.string(),
    result: z.string().describe('`ok`, or the code of the problem.'),
    prev: z.string().optional().describe('SHA-256 of the line before.'),
  })
  .meta({ id: 'AuditLine' });
export type AuditLine = z.infer<typeof AuditLine>;
export const AuditPage = z
  .object({
    lines: z.array(AuditLine).describe('Newest first.'),
    before: z.int().optional().describe('Ask with this for older ones; absent at the end.'),
    intact: z.boolean().describe('Whether the chain of what is shown holds.'),
  })
  .meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof AuditPage>;
