/** What `up` asks the anchor for, over its socket and with the token of this start. */
import type * as z from 'zod';
import { AddedDevice, DeviceList, StatusList } from '#contracts/api.ts';
import { DeviceIdentity, KeepOutResult, NewJoin } from '#contracts/api-identity.ts';
import { Problem } from '#contracts/problem.ts';
import { SetupError } from './setup-error.ts';
import { askSocket } from './socket-http.ts';

export class AnchorApi {
  readonly #socket: string;
  readonly #token: string;

  constructor(socket: string, token: string) {
    this.#socket = socket;
    this.#token = token;
  }

  devices = async () => (await this.#call('GET', '/devices', DeviceList)).items;
  statuses = async () => (await this.#call('GET', '/status', StatusList)).items;
  addLocalDevice = (name: string) => this.#call('POST', '/devices', AddedDevice, { name, local: true });
  identity = (name: string) => this.#call('GET', `/devices/${name}/identity`, DeviceIdentity);
  keepOut = (name: string) => this.#call('POST', `/devices/${name}/keep-out`, KeepOutResult, {});
  /** A token by which this device joins at `url`; `back`: its chain goes on. */
  joinToken = async (name: string, { url, back }: { url: string; back: boolean }) => {
    const [path, body] = back ? [`/devices/${name}/take-back`, {}] : ['/join-tokens', { name }];
    return (await this.#call('POST', path, NewJoin, body, url)).token;
  };

  async #call<T extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: T,
    body?: unknown,
    url = 'http://localhost',
  ): Promise<z.infer<T>> {
    const { host, protocol } = new URL(url);
    const reply = await askSocket(this.#socket, {
      method,
      path: `/api/v1${path}`,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'x-forwarded-host': host,
        'x-forwarded-proto': protocol.slice(0, -1),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = JSON.parse(reply.body.toString('utf8'));
    if (reply.status >= 200 && reply.status < 300) return schema.parse(value);
    const problem = Problem.safeParse(value);
    throw new SetupError(
      `The anchor refused ${method} ${path} (${reply.status}). ${problem.success ? `${problem.data.title} ${problem.data.detail}` : ''}`,
    );
  }
}

/** Before there is a token: does it answer, and are its connections and controllers up? */
export async function isAnchorReady(socket: string): Promise<boolean> {
  return askSocket(socket, { method: 'GET', path: '/api/v1/readyz' }).then(
    ({ status }) => status === 200,
    () => false,
  );
}
