/** The few calls `up` makes to a container engine over its socket, in the dialect that podman and Docker share. */
import { askSocket, type SocketReply } from './socket-http.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
interface Body {
  type: string;
  content: Buffer | string;
}

export class EngineApi {
  readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  call(method: Method, path: string, body?: Body): Promise<SocketReply> {
    return askSocket(this.socket, {
      method,
      path,
      ...(body ? { headers: { 'content-type': body.type }, body: body.content } : {}),
    });
  }

  /** As `call`, but an answer that is no success is an error with the engine's own words. */
  async expect(method: Method, path: string, body?: Body): Promise<Buffer> {
    const reply = await this.call(method, path, body);
    if (reply.status < 200 || reply.status > 299) throw new Error(engineWords(reply));
    return reply.body;
  }

  async answers(): Promise<boolean> {
    return this.call('GET', '/_ping').then(
      (reply) => reply.status === 200,
      () => false,
    );
  }

  async version(): Promise<{ kind: 'podman' | 'docker'; version: string }> {
    const facts = JSON.parse((await this.expect('GET', '/version')).toString()) as {
      Version: string;
      Components?: { Name: string }[];
    };
    const podman = facts.Components?.some((one) => one.Name.startsWith('Podman')) ?? false;
    return { kind: podman ? 'podman' : 'docker', version: facts.Version };
  }

  /** undefined: there is no such image. */
  async imageLabels(reference: string): Promise<Record<string, string> | undefined> {
    const { status, body } = await this.call('GET', `/images/${encodeURIComponent(reference)}/json`);
    if (status !== 200) return undefined;
    return (JSON.parse(body.toString()) as { Config?: { Labels?: Record<string, string> | null } }).Config?.Labels ?? {};
  }

  async containersByLabel(label: string): Promise<{ id: string; state: string }[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    const all = JSON.parse((await this.expect('GET', `/containers/json?all=true&filters=${filters}`)).toString()) as {
      Id: string;
      State: string;
    }[];
    return all.map(({ Id, State }) => ({ id: Id, state: State }));
  }
}

function engineWords({ status, body }: SocketReply): string {
  const text = body.toString('utf8').trim();
  try {
    const { message, cause } = JSON.parse(text) as { message?: string; cause?: string };
    return message ?? cause ?? text;
  } catch {
    return text || `the engine answered ${status}`;
  }
}
