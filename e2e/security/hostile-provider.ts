/** A provider that answers as told: whom the wall must not believe. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { CLIENT } from '../stack/oidc-provider.ts';

export interface Lie {
  claims?: JWTPayload;
  /** Of the ID token. */
  alg?: 'RS256' | 'none';
  /** Signed by a key that is not in the list of keys. */
  foreignKey?: boolean;
  /** The issuer in the description of itself. */
  issuer?: string;
}

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

export class HostileProvider {
  readonly issuer: string;
  lie: Lie = {};
  readonly #server: Server;
  readonly #keys: Keys;
  readonly #foreign: Keys;

  static async start(): Promise<HostileProvider> {
    const keys = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HostileProvider(server, keys);
  }

  private constructor(server: Server, [keys, foreign]: [Keys, Keys]) {
    this.#server = server;
    this.#keys = keys;
    this.#foreign = foreign;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      request.resume();
      this.#answer(request.url ?? '/').then(
        (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  /** The nonce that the wall sent with the browser. */
  nonce = '';

  async #answer(path: string): Promise<unknown> {
    if (path.startsWith('/.well-known/'))
      return {
        issuer: this.lie.issuer ?? this.issuer,
        authorization_endpoint: `${this.issuer}/auth`,
        token_endpoint: `${this.issuer}/token`,
        jwks_uri: `${this.issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256', 'none'],
      };
    if (path.startsWith('/jwks'))
      return { keys: [{ ...(await exportJWK(this.#keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] };
    return { access_token: 'some', token_type: 'Bearer', expires_in: 60, id_token: await this.#idToken() };
  }

  async #idToken(): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: this.issuer,
      aud: CLIENT.id,
      sub: 'somebody',
      iat: now,
      exp: now + 300,
      nonce: this.nonce,
      groups: ['wall-operators'],
      ...this.lie.claims,
    };
    if (this.lie.alg === 'none') {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'none' })}.${part(payload)}.`;
    }
    const { privateKey } = this.lie.foreignKey ? this.#foreign : this.#keys;
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
