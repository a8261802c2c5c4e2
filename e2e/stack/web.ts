/** The pages as a process before an anchor, and an owner who is signed in. */
import type { NatsConnection } from '@nats-io/nats-core';
import { createOwnerLink } from '#server/auth/local-access.ts';
import type { Anchor } from './anchor.ts';
import { freePort } from './free-port.ts';
import type { NatsServer } from './nats-server.ts';
import { Program } from './program.ts';

const HOST = '127.0.0.1';

export interface WebOptions {
  anchor: Anchor;
  nats: NatsServer;
  /** Arguments of node. */
  program: readonly string[];
}

export class Web {
  readonly url: string;
  readonly #program: Program;

  static async start({ anchor, nats, program }: WebOptions): Promise<Web> {
    const port = await freePort(HOST);
    const web = new Web(
      `http://${HOST}:${port}`,
      new Program({
        name: 'web',
        command: process.execPath,
        args: program,
        env: {
          NODE_ENV: 'production',
          SCOREWALL_WEB_HOST: HOST,
          SCOREWALL_WEB_PORT: String(port),
          SCOREWALL_ANCHOR: anchor.url,
          SCOREWALL_NATS_WS: `${HOST}:${nats.wsPort}`,
        },
      }),
    );
    web.#program.start();
    await web.#program.ready(() =>
      fetch(`${web.url}/api/v1/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return web;
  }

  private constructor(url: string, program: Program) {
    this.url = url;
    this.#program = program;
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** Uses the first link; answers with the session's cookie. */
  async becomeOwner(connection: NatsConnection): Promise<{ name: string; value: string }> {
    const link = await createOwnerLink(connection, this.url);
    const token = new URL(link).hash.slice(1);
    const answer = await fetch(`${this.url}/api/v1/owner`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.url },
      body: JSON.stringify({ token, password: 'a long enough password', wallName: 'Bench' }),
    });
    const cookie = /^([^=]+)=([^;]+)/.exec(answer.headers.getSetCookie()[0] ?? '');
    if (!answer.ok || !cookie?.[1] || !cookie[2])
      throw new Error(`The owner's link was refused: ${answer.status} ${await answer.text()}`);
    return { name: cookie[1], value: cookie[2] };
  }

  lastWords(count?: number): string {
    return this.#program.lastWords(count);
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }
}
