/** A hub of its own for the ways in: an anchor, the built pages on localhost, and a real provider of accounts. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestHub, type TestAnchor, type TestHub } from '#server/test-anchor.ts';
import { freePort } from '../stack/free-port.ts';
import { CLIENT, TestProvider } from '../stack/oidc-provider.ts';
import { Program } from '../stack/program.ts';

const HOST = '127.0.0.1';

export class SignInStack {
  /** By name: passkeys work there. */
  readonly url: string;
  /** The same, by address: they do not. */
  readonly addressUrl: string;
  readonly provider: TestProvider;
  readonly anchor: TestAnchor;
  readonly #hub: TestHub;
  readonly #web: Program;

  static async start(): Promise<SignInStack> {
    const port = await freePort(HOST);
    const url = `http://localhost:${port}`;
    const provider = await TestProvider.start([url], { mia: { groups: ['wall-operators'] }, max: { groups: [] } });
    const hub = await startTestHub();
    const settings = ['name = "Works"', `issuer = "${provider.issuer}"`, `client_id = "${CLIENT.id}"`];
    const more = ['client_secret_file = "oidc.secret"', '[roles]', 'wall-operators = "operator"'];
    await writeFile(join(hub.nats.home, 'oidc.secret'), CLIENT.secret);
    await writeFile(join(hub.nats.home, 'oidc.toml'), [...settings, ...more].join('\n'));
    // The first anchor of a test hub knows no provider yet.
    await hub.first.stop();
    const anchor = await hub.another();
    const { hostname, port: natsPort } = new URL(hub.nats.wsUrl);
    const web = new Program({
      name: 'web',
      command: process.execPath,
      args: ['--import', 'tsx', 'server/web.ts'],
      env: {
        NODE_ENV: 'production',
        SCOREWALL_WEB_HOST: HOST,
        SCOREWALL_WEB_PORT: String(port),
        SCOREWALL_ANCHOR: anchor.url,
        SCOREWALL_NATS_WS: `${hostname}:${natsPort}`,
      },
    });
    web.start();
    await web.ready(() =>
      fetch(`http://${HOST}:${port}/api/v1/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return new SignInStack({ url, addressUrl: `http://${HOST}:${port}`, provider, anchor, hub, web });
  }

  private constructor(parts: {
    url: string;
    addressUrl: string;
    provider: TestProvider;
    anchor: TestAnchor;
    hub: TestHub;
    web: Program;
  }) {
    this.url = parts.url;
    this.addressUrl = parts.addressUrl;
    this.provider = parts.provider;
    this.anchor = parts.anchor;
    this.#hub = parts.hub;
    this.#web = parts.web;
  }

  /** The link that makes the owner, as the console prints it. */
  ownerLink = async (): Promise<string> => `${this.url}/start#${await this.#hub.ownerSecret()}`;

  async stop(): Promise<void> {
    await this.#web.stop();
    await this.#hub.stop();
    await this.provider.stop();
  }
}
