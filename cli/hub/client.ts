/** The hub's REST API as the commands use it: typed answers, and problems as errors with an exit code. */

import type { Readable } from 'node:stream';
import * as z from 'zod';
import type { Grant } from '#contracts/access.ts';
import {
  AddedDevice,
  DeploymentEntry,
  DeploymentList,
  DeploymentOnDeviceList,
  DeploymentRevisionList,
  DeviceDetail,
  DeviceEntry,
  DeviceList,
  EventList,
  NatsCredentials,
  OwnerLink,
  Readiness,
  Review,
  Session,
  WallSnapshot,
} from '#contracts/api.ts';
import { DeviceIdentity, JoinView, KeepOutResult, NewJoin, RotateAllResult } from '#contracts/api-identity.ts';
import { Invite, NewToken, Person, PersonList, TokenList, type TokenRequest } from '#contracts/api-people.ts';
import { type UpdateDecision, type UpdateRequest, Updates } from '#contracts/api-updates.ts';
import { RecordingList } from '#contracts/api-walls.ts';
import type { Labels } from '#contracts/name.ts';
import { Recording } from '#contracts/recording.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Connection } from './connection.ts';
import { exchange, type HttpReply, type HttpRequest, openStream } from './http.ts';
import { problemError } from './problem-error.ts';

interface Call {
  method?: HttpRequest['method'];
  body?: string;
  type?: 'application/json' | 'application/yaml';
  headers?: Record<string, string>;
}

export class Hub {
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  session = () => this.#read('/session', Session);
  wall = () => this.#read('/wall', WallSnapshot);
  devices = async () => (await this.#read('/devices', DeviceList)).items;
  device = (name: string) => this.#read(`/devices/${encodeURIComponent(name)}`, DeviceDetail);
  deviceEvents = async (name: string) => (await this.#read(`/devices/${encodeURIComponent(name)}/events`, EventList)).items;
  deployments = async () => (await this.#read('/deployments', DeploymentList)).items;
  deployment = (name: string) => this.#read(`/deployments/${encodeURIComponent(name)}`, DeploymentEntry);
  deploymentDevices = async (name: string) =>
    (await this.#read(`/deployments/${encodeURIComponent(name)}/devices`, DeploymentOnDeviceList)).items;
  revisions = async (name: string) =>
    (await this.#read(`/deployments/${encodeURIComponent(name)}/revisions`, DeploymentRevisionList)).items;

  /** undefined: there is no deployment of this name. */
  async findDeployment(name: string): Promise<DeploymentEntry | undefined> {
    try {
      return await this.deployment(name);
    } catch (error) {
      if (error instanceof CliError && error.exitCode === EXIT.notFound) return undefined;
      throw error;
    }
  }

  /** The YAML as its author wrote it. */
  async manifest(name: string): Promise<string> {
    const reply = await this.#send(`/deployments/${encodeURIComponent(name)}`, { headers: { accept: 'application/yaml' } });
    return reply.text;
  }

  review = (name: string, manifest: string) =>
    this.#read(`/deployments/${encodeURIComponent(name)}/review`, Review, {
      method: 'POST',
      body: manifest,
      type: 'application/yaml',
    });

  /** `revision`: what the change is based on; undefined creates. */
  putDeployment(name: string, manifest: string, revision: number | undefined, message: string) {
    return this.#read(`/deployments/${encodeURIComponent(name)}`, DeploymentEntry, {
      method: 'PUT',
      body: manifest,
      type: 'application/yaml',
      headers: {
        ...(revision === undefined ? { 'if-none-match': '*' } : ifMatch(revision)),
        ...(message ? { 'x-scorewall-message': encodeURIComponent(message) } : {}),
      },
    });
  }

  async deleteDeployment(name: string, revision: number): Promise<void> {
    await this.#send(`/deployments/${encodeURIComponent(name)}`, { method: 'DELETE', headers: ifMatch(revision) });
  }

  addDevice = (name: string, labels: Labels) =>
    this.#read('/devices', AddedDevice, { method: 'POST', type: 'application/json', body: JSON.stringify({ name, labels }) });

  async removeDevice(name: string, revision: number): Promise<void> {
    await this.#send(`/devices/${encodeURIComponent(name)}`, { method: 'DELETE', headers: ifMatch(revision) });
  }

  labelDevice = (name: string, labels: Labels, revision: number) =>
    this.#read(`/devices/${encodeURIComponent(name)}`, DeviceEntry, {
      method: 'PATCH',
      type: 'application/json',
      body: JSON.stringify({ labels }),
      headers: ifMatch(revision),
    });

  startJoin = (options: { name?: string; labels?: Labels; approval?: boolean }) => this.#post('/join-tokens', NewJoin, options);
  joins = async () => (await this.#read('/join-tokens', z.object({ items: z.array(JoinView) }))).items;
  approveJoin = (tid: string) => this.#post(`/join-tokens/${tid}/approve`, z.unknown(), {});
  rotate = (name: string) => this.#post(`/devices/${encodeURIComponent(name)}/rotate`, z.unknown(), {});
  rotateAll = () => this.#post('/identity/rotate', RotateAllResult, {});
  keepOut = (name: string) => this.#post(`/devices/${encodeURIComponent(name)}/keep-out`, KeepOutResult, {});
  identity = (name: string) => this.#read(`/devices/${encodeURIComponent(name)}/identity`, DeviceIdentity);
  clear = (name: string, holder?: string) =>
    this.#post(`/devices/${encodeURIComponent(name)}/clear`, z.unknown(), holder ? { holder } : {});
  takeBack = (name: string) => this.#post(`/devices/${encodeURIComponent(name)}/take-back`, NewJoin, {});

  updates = () => this.#read('/updates', Updates);
  startUpdate = (request: UpdateRequest) => this.#post('/updates', z.unknown(), request);
  decideUpdate = (decision: UpdateDecision['decision']) => this.#post('/updates/decide', z.unknown(), { decision });

  ownerLink = () => this.#read('/owner-link', OwnerLink, { method: 'POST', type: 'application/json', body: '{}' });

  natsCredentials = (publicKey: string, tab: string) => this.#post('/nats-credentials', NatsCredentials, { publicKey, tab });

  people = () => this.#read('/people', PersonList);
  invite = (name: string, grant: Grant) =>
    this.#post('/invites', Invite, grant.selector ? { name, grants: [grant] } : { name, role: grant.role });
  changePerson = (name: string, grants: readonly Grant[]) =>
    this.#read(`/people/${encodeURIComponent(name)}`, Person, {
      method: 'PATCH',
      type: 'application/json',
      body: JSON.stringify({ grants }),
    });
  removePerson = (name: string) => this.#delete(`/people/${encodeURIComponent(name)}`);
  tokens = async () => (await this.#read('/tokens', TokenList)).items;
  createToken = (token: z.input<typeof TokenRequest>) => this.#post('/tokens', NewToken, token);
  removeToken = (id: string) => this.#delete(`/tokens/${encodeURIComponent(id)}`);
  removeInvite = (name: string) => this.#delete(`/invites/${encodeURIComponent(name)}`);

  recordings = async (device?: string) =>
    (await this.#read(`/recordings${device ? `?device=${encodeURIComponent(device)}` : ''}`, RecordingList)).items;
  recording = (id: string) => this.#read(`/recordings/${encodeURIComponent(id)}`, Recording);
  /** As it comes: a recording may be larger than what one would hold. */
  async recordingContent(id: string): Promise<Readable> {
    const reply = await openStream({
      method: 'GET',
      url: this.#url(`/recordings/${encodeURIComponent(id)}/content`),
      headers: this.#authorization(),
      ...this.#ca(),
    });
    if ('content' in reply) return reply.content;
    throw problemError(reply, this.connection.source);
  }

  #post = <T extends z.ZodType>(path: string, schema: T, body: unknown) =>
    this.#read(path, schema, { method: 'POST', type: 'application/json', body: JSON.stringify(body) });

  async #delete(path: string): Promise<void> {
    await this.#send(path, { method: 'DELETE' });
  }

  /** Asked without a token, as a load balancer would. */
  async health(): Promise<{ alive: boolean; readiness?: z.infer<typeof Readiness> }> {
    const alive = (await exchange({ method: 'GET', url: this.#url('/healthz'), ...this.#ca() })).status === 200;
    const reply = await this.#exchange('/readyz', {});
    const parsed = Readiness.safeParse(parseJson(reply.text));
    return { alive, ...(parsed.success ? { readiness: parsed.data } : {}) };
  }

  async #read<T extends z.ZodType>(path: string, schema: T, call: Call = {}): Promise<z.infer<T>> {
    const reply = await this.#send(path, call);
    const parsed = schema.safeParse(parseJson(reply.text));
    if (parsed.success) return parsed.data;
    throw new CliError(
      EXIT.failed,
      `The hub answered ${path} in a form this command does not know.`,
      'Most likely they are of different versions. Update both to the same one.',
      parsed.error,
    );
  }

  async #send(path: string, call: Call): Promise<HttpReply> {
    const reply = await this.#exchange(path, call);
    if (reply.status >= 200 && reply.status < 300) return reply;
    throw problemError(reply, this.connection.source);
  }

  #exchange(path: string, { method = 'GET', body, type, headers }: Call): Promise<HttpReply> {
    return exchange({
      method,
      url: this.#url(path),
      headers: { ...this.#authorization(), ...(type ? { 'content-type': type } : {}), ...headers },
      ...(body === undefined ? {} : { body }),
      ...this.#ca(),
    });
  }

  #authorization = () => ({ authorization: `Bearer ${this.connection.token}` });
  #url = (path: string) => `${this.connection.url}/api/v1${path}`;
  #ca = () => (this.connection.ca ? { ca: this.connection.ca } : {});
}

const ifMatch = (revision: number) => ({ 'if-match': `"${revision}"` });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
