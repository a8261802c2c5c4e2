/** The way to a service's desktop: which container it is, where its VNC server listens, and in words why there is no way. */
import { connect, type Socket } from 'node:net';
import { displayName } from '#contracts/device.ts';
import { parsePort } from '#contracts/score/port.ts';
import { StreamRefusal } from '#contracts/stream/session.ts';
import type { Engine } from '../../engine/engine.ts';
import type { OwnContainer } from '../../reconcile/actual.ts';

export interface ScreenTarget {
  deployment: string;
  service: string;
}

export interface ScreenDoorOptions {
  device: string;
  engine: Pick<Engine, 'addressOf'>;
  containerOf(deployment: string, service: string): OwnContainer | undefined;
}

const CONNECT_TIMEOUT_MS = 3_000;

export class ScreenDoor {
  readonly #options: ScreenDoorOptions;

  constructor(options: ScreenDoorOptions) {
    this.#options = options;
  }

  /** Why there is no desktop, as far as can be told without knocking. */
  whyNot({ deployment, service }: ScreenTarget): StreamRefusal | undefined {
    const container = this.#options.containerOf(deployment, service);
    const title = displayName(this.#options.device);
    if (!container)
      return new StreamRefusal('not-found', `${title} does not run ${service} of ${deployment}. Deploy it to this device first.`);
    if (container.spec?.screen?.kind !== 'vnc')
      return new StreamRefusal(
        'not-found',
        `${service} on ${title} has no desktop. Give the service "screen: {kind: vnc, port: 5900}" and a VNC server.`,
      );
    if (container.state !== 'running')
      return new StreamRefusal('not-running', `${service} is not running on ${title}, so there is no picture of its desktop.`);
    return undefined;
  }

  /** A connection to the desktop. Throws `StreamRefusal`. */
  async open(target: ScreenTarget): Promise<Socket> {
    const refusal = this.whyNot(target);
    if (refusal) throw refusal;
    const container = this.#options.containerOf(target.deployment, target.service)!;
    const screen = container.spec!.screen as { port: number };
    for (const { host, port } of await this.#addresses(container, screen.port)) {
      const socket = await dial(host, port);
      if (socket) return socket;
    }
    throw new StreamRefusal(
      'unreachable',
      `The desktop of ${target.service} does not answer on port ${screen.port} of its container. It may still be starting: look at its log.`,
    );
  }

  /** Published ports first: a container without an address of its own can be reached in no other way. */
  async #addresses(container: OwnContainer, port: number): Promise<{ host: string; port: number }[]> {
    const published = container.ports.flatMap((text) => {
      const parsed = parsePort(text.replace('->', ':'));
      if ('error' in parsed || parsed.containerPort !== port || !parsed.hostPort || parsed.protocol !== 'tcp') return [];
      const host = !parsed.hostIp || parsed.hostIp === '0.0.0.0' || parsed.hostIp === '::' ? '127.0.0.1' : parsed.hostIp;
      return [{ host, port: parsed.hostPort }];
    });
    const own = await this.#options.engine.addressOf(container.id).catch(() => undefined);
    return [...published, ...(own ? [{ host: own, port }] : [])];
  }
}

function dial(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true, timeout: CONNECT_TIMEOUT_MS });
    const give = (result: Socket | undefined) => {
      socket.removeAllListeners();
      socket.setTimeout(0);
      // Somebody always listens for its errors, or they would end the agent.
      socket.on('error', () => undefined);
      if (!result) socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => give(socket));
    socket.once('error', () => give(undefined));
    socket.once('timeout', () => give(undefined));
  });
}
