/** A real, certified OpenID provider on loopback, with its own login page and people of our choice. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface ProviderPerson {
  groups?: readonly string[];
  email?: string;
  email_verified?: boolean;
  preferred_username?: string;
}

export const CLIENT = { id: 'wall', secret: 'a-secret-of-the-client-with-many-letters' } as const;

export class TestProvider {
  readonly issuer: string;
  /** By login name; may be changed while it runs. */
  readonly people: Map<string, ProviderPerson>;
  readonly #server: Server;

  static async start(origins: readonly string[], people: Record<string, ProviderPerson>, port = 0): Promise<TestProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new TestProvider(server, origins, new Map(Object.entries(people)));
  }

  private constructor(server: Server, origins: readonly string[], people: Map<string, ProviderPerson>) {
    this.#server = server;
    this.people = people;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: origins.map((origin) => `${origin}/login/oidc`),
          post_logout_redirect_uris: origins.map((origin) => `${origin}/login`),
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      cookies: { keys: ['only-for-tests'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username', 'groups'] },
      pkce: { required: () => true },
      findAccount: (_: unknown, sub: string) => ({
        accountId: sub,
        claims: () => ({ sub, preferred_username: sub, ...people.get(sub) }),
      }),
    });
    server.on('request', provider.callback());
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** Goes through its login and consent pages as a browser does; answers with the query it sends back to the wall. */
export async function passProvider(start: string, login: string): Promise<string> {
  const cookies = new Map<string, string>();
  let address = start;
  let form: URLSearchParams | undefined;
  for (let hop = 0; hop < 20; hop++) {
    const response = await fetch(address, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { body: form } : {}),
    });
    form = undefined;
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    const location = response.headers.get('location');
    if (location) {
      address = new URL(location, address).href;
      if (new URL(address).pathname === '/login/oidc') return new URL(address).search;
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]+action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (!action || !prompt) throw new Error(`The provider answered ${response.status}: ${page.slice(0, 500)}`);
    address = new URL(action.replaceAll('&amp;', '&'), address).href;
    form = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt });
  }
  throw new Error('The provider sends the browser around in circles.');
}
