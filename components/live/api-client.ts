/**
 * The REST API as typed functions: `await api.putDeployment('hello', yaml, { ifMatch: 12 })`. Replies are parsed at the door.
 * A refusal is thrown as ProblemError (code, title = fact, detail = effect and step, issues, current); a lost hub as code `unavailable`.
 */
import * as z from 'zod';
import {
  type AddDeviceRequest,
  AddedDevice,
  DeploymentEntry,
  DeploymentList,
  DeploymentOnDeviceList,
  DeploymentRevision,
  DeploymentRevisionList,
  DeviceDetail,
  DeviceList,
  EventList,
  type LoginRequest,
  NatsCredentials,
  type OwnerRequest,
  Review,
  Session,
} from '#contracts/api.ts';
import { ProviderLogout } from '#contracts/api-auth.ts';
import { GuestLink, type GuestLinkRequest } from '#contracts/api-people.ts';
import { RecordingList, WallEntry, WallList } from '#contracts/api-walls.ts';
import type { Labels } from '#contracts/name.ts';
import { Problem, ProblemError } from '#contracts/problem.ts';
import { Recording } from '#contracts/recording.ts';
import type { Wall } from '#contracts/wall.ts';
import { askForProof } from './proof.ts';
import { StoredWall } from './stored-wall.ts';

// The content security policy forbids compiling code from text.
z.config({ jitless: true });

const OwnerLink = z.object({ url: z.string() });

const NEW_COOKIE_MS = 300;

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  json?: unknown;
  yaml?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** `ifMatch`: the revision that was read; absent: the deployment must be new. */
export interface WriteOptions {
  ifMatch?: number | undefined;
  message?: string | undefined;
}

const at = (name: string) => encodeURIComponent(name);
const ifMatch = (revision: number) => ({ 'If-Match': `"${revision}"` });

export const api = {
  session: (signal?: AbortSignal) => request(Session, '/session', { signal }),
  login: (json: z.input<typeof LoginRequest>) => request(Session, '/login', { method: 'POST', json }),
  makeOwner: (json: z.input<typeof OwnerRequest>) => request(Session, '/owner', { method: 'POST', json }),
  logout: async () => (await request(ProviderLogout.optional(), '/logout', { method: 'POST', json: {} })) ?? { url: undefined },
  ownerLink: () => request(OwnerLink, '/owner-link', { method: 'POST', json: {} }),

  wall: (signal?: AbortSignal) => request(StoredWall, '/wall', { signal }),
  walls: (signal?: AbortSignal) => request(WallList, '/walls', { signal }),
  savedWall: (name: string, signal?: AbortSignal) => request(WallEntry, `/walls/${at(name)}`, { signal }),
  /** `revision` as it was read; 0 or absent: it must not be saved yet. */
  putWall: (wall: Wall, revision = 0) =>
    request(WallEntry, `/walls/${at(wall.name)}`, {
      method: 'PUT',
      json: wall,
      headers: revision === 0 ? { 'If-None-Match': '*' } : ifMatch(revision),
    }),
  deleteWall: (name: string, revision: number) =>
    request(z.unknown(), `/walls/${at(name)}`, { method: 'DELETE', json: {}, headers: ifMatch(revision) }),

  makeGuestLink: (json: z.input<typeof GuestLinkRequest>) => request(GuestLink, '/guest-links', { method: 'POST', json }),

  recordings: (device?: string, signal?: AbortSignal) =>
    request(RecordingList, `/recordings${device ? `?device=${at(device)}` : ''}`, { signal }),
  recording: (id: string, signal?: AbortSignal) => request(Recording, `/recordings/${at(id)}`, { signal }),
  /** Where the recording itself is: asciicast of a terminal, lines of JSON of a screen. */
  recordingContentUrl: (id: string) => `/api/v1/recordings/${at(id)}/content`,
  deleteRecording: (id: string) => request(z.unknown(), `/recordings/${at(id)}`, { method: 'DELETE', json: {} }),

  natsCredentials: (publicKey: string, tab: string, signal?: AbortSignal) =>
    request(NatsCredentials, '/nats-credentials', { method: 'POST', json: { publicKey, tab }, signal }),

  devices: (signal?: AbortSignal) => request(DeviceList, '/devices', { signal }),
  device: (name: string, signal?: AbortSignal) => request(DeviceDetail, `/devices/${at(name)}`, { signal }),
  deviceEvents: (name: string, signal?: AbortSignal) => request(EventList, `/devices/${at(name)}/events`, { signal }),
  addDevice: (json: z.input<typeof AddDeviceRequest>) => request(AddedDevice, '/devices', { method: 'POST', json }),
  labelDevice: (name: string, labels: Labels, revision: number) =>
    request(z.unknown(), `/devices/${at(name)}`, { method: 'PATCH', json: { labels }, headers: ifMatch(revision) }),
  removeDevice: (name: string) => request(z.unknown(), `/devices/${at(name)}`, { method: 'DELETE', json: {} }),
  renewDeviceCredentials: (name: string) =>
    request(AddedDevice, `/devices/${at(name)}/credentials`, { method: 'POST', json: {} }),

  deployments: (signal?: AbortSignal) => request(DeploymentList, '/deployments', { signal }),
  deployment: (name: string, signal?: AbortSignal) => request(DeploymentEntry, `/deployments/${at(name)}`, { signal }),
  reviewDeployment: (name: string, yaml: string, signal?: AbortSignal) =>
    request(Review, `/deployments/${at(name)}/review`, { method: 'POST', yaml, signal }),
  putDeployment: (name: string, yaml: string, { ifMatch: revision, message }: WriteOptions = {}) =>
    request(DeploymentEntry, `/deployments/${at(name)}`, {
      method: 'PUT',
      yaml,
      headers: {
        ...(revision === undefined ? { 'If-None-Match': '*' } : ifMatch(revision)),
        ...(message ? { 'X-Scorewall-Message': encodeURIComponent(message) } : {}),
      },
    }),
  deleteDeployment: (name: string, revision: number) =>
    request(z.unknown(), `/deployments/${at(name)}`, { method: 'DELETE', json: {}, headers: ifMatch(revision) }),
  revisions: (name: string, signal?: AbortSignal) =>
    request(DeploymentRevisionList, `/deployments/${at(name)}/revisions`, { signal }),
  revision: (name: string, generation: number, signal?: AbortSignal) =>
    request(DeploymentRevision, `/deployments/${at(name)}/revisions/${generation}`, { signal }),
  deploymentDevices: (name: string, signal?: AbortSignal) =>
    request(DeploymentOnDeviceList, `/deployments/${at(name)}/devices`, { signal }),
};

export async function request<T extends z.ZodType>(schema: T, path: string, options: RequestOptions = {}): Promise<z.output<T>> {
  const { method = 'GET', signal } = options;
  let response = await send(path, options);
  if (response.status === 401 && (method === 'GET' || path === '/nats-credentials')) {
    // A session gets a new cookie when somebody shows again who they are: what was sent just before asks once more with it.
    await new Promise((resolve) => setTimeout(resolve, NEW_COOKIE_MS));
    signal?.throwIfAborted();
    response = await send(path, options);
  }
  let { ok, body } = await answerOf(response);
  // What was wanted goes on once the person has shown that it is them.
  if (!ok && problemOf(response.status, body).code === 'step-up-needed' && (await askForProof())) {
    response = await send(path, options);
    ({ ok, body } = await answerOf(response));
  }
  if (!ok) throw problemOf(response.status, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ProblemError(
    'internal',
    'The hub gave an answer this page does not understand.',
    'Your devices are not affected. Reload the page: the hub may have been updated.',
    { cause: parsed.error },
  );
}

async function answerOf(response: Response): Promise<{ ok: boolean; body: unknown }> {
  const text = await response.text();
  return { ok: response.ok, body: text ? parseJson(text) : undefined };
}

function send(path: string, { method = 'GET', json, yaml, headers, signal }: RequestOptions): Promise<Response> {
  return fetch(`/api/v1${path}`, {
    method,
    headers: {
      Accept: 'application/json',
      ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(yaml === undefined ? {} : { 'Content-Type': 'application/yaml' }),
      ...headers,
    },
    body: yaml ?? (json === undefined ? null : JSON.stringify(json)),
    signal: signal ?? null,
    cache: 'no-store',
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw unavailable(cause);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(status: number, body: unknown): ProblemError {
  const problem = Problem.safeParse(body);
  if (!problem.success) return status === 401 ? signedOut() : unavailable(body);
  const { code, title, detail, issues, current } = problem.data;
  return new ProblemError(code, title, detail, { ...(issues ? { issues } : {}), current });
}

const unavailable = (cause: unknown) =>
  new ProblemError(
    'unavailable',
    'The hub does not answer.',
    'Your devices keep running what they have. Try again in a moment.',
    { cause },
  );

const signedOut = () =>
  new ProblemError('unauthenticated', 'You are signed out.', 'Your devices are not affected. Sign in to go on.');
