/** Talks to the provider of accounts: where to send a browser, and who came back from there. */
import * as client from 'openid-client';
import type { Logger } from 'pino';
import { ProblemError } from '#contracts/problem.ts';
import type { Claims } from './read-claims.ts';
import { isLoopback, type OidcSettings } from './settings.ts';

const TIMEOUT_S = 10;
/** What the provider says of itself is asked anew when somebody goes there: who cannot reach it is told here, not by the browser. */
const KEPT_MS = 10_000;
/** Whoever is on the way back needs it no newer than this. */
const KEPT_ON_THE_WAY_MS = 3_600_000;
/** `again`: they typed their password there at most this long ago. */
const AGAIN_MAX_AGE_S = 120;

export interface OnTheWay {
  state: string;
  nonce: string;
  verifier: string;
  redirectUri: string;
  again: boolean;
}

export class OidcProvider {
  readonly settings: OidcSettings;
  readonly #log: Logger;
  #found: { config: Promise<client.Configuration>; atMs: number } | undefined;

  constructor(settings: OidcSettings, log: Logger) {
    this.settings = settings;
    this.#log = log;
  }

  async begin(redirectUri: string, again: boolean): Promise<{ url: string; way: OnTheWay }> {
    const config = await this.#discover();
    const verifier = client.randomPKCECodeVerifier();
    const way = { state: client.randomState(), nonce: client.randomNonce(), verifier, redirectUri, again };
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: this.settings.scope,
      state: way.state,
      nonce: way.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(again ? { prompt: 'login', max_age: '0' } : {}),
    });
    return { url: url.href, way };
  }

  /** Their claims. The ID token's signature, issuer, audience, times and nonce are checked, and the state of the answer. */
  async finish(query: string, way: OnTheWay): Promise<Claims & { iss: string; sub: string }> {
    const config = await this.#discover(KEPT_ON_THE_WAY_MS);
    const address = new URL(way.redirectUri);
    address.search = query;
    try {
      const tokens = await client.authorizationCodeGrant(config, address, {
        expectedState: way.state,
        expectedNonce: way.nonce,
        pkceCodeVerifier: way.verifier,
        idTokenExpected: true,
        ...(way.again ? { maxAge: AGAIN_MAX_AGE_S } : {}),
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('there is no ID token');
      // Some providers keep names and roles out of the ID token.
      const more = config.serverMetadata().userinfo_endpoint
        ? await client.fetchUserInfo(config, tokens.access_token, claims.sub)
        : {};
      return { ...more, ...claims };
    } catch (error) {
      throw this.#words(error);
    }
  }

  /** Where the browser signs out there too; undefined where the provider has no such page. */
  async logoutUrl(backTo: string): Promise<string | undefined> {
    const config = await this.#discover().catch(() => undefined);
    if (!config?.serverMetadata().end_session_endpoint) return undefined;
    return client.buildEndSessionUrl(config, { client_id: this.settings.clientId, post_logout_redirect_uri: backTo }).href;
  }

  #discover(keptMs = KEPT_MS): Promise<client.Configuration> {
    const known = this.#found;
    if (known && Date.now() - known.atMs < keptMs) return known.config;
    const { issuer, clientId, clientSecret } = this.settings;
    const authentication = clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret);
    const config = client
      .discovery(new URL(issuer), clientId, clientSecret, authentication, {
        timeout: TIMEOUT_S,
        // Without it a token that came over TLS is believed unsigned.
        execute: [client.enableNonRepudiationChecks, ...(isLoopback(issuer) ? [client.allowInsecureRequests] : [])],
      })
      .catch((error: unknown) => {
        this.#found = undefined;
        throw isSilence(error) ? this.#down(error) : this.#misfit(error);
      });
    this.#found = { config, atMs: Date.now() };
    return config;
  }

  #words(error: unknown): ProblemError {
    const { name } = this.settings;
    this.#log.warn({ reason: reasonOf(error) }, 'a sign-in with the provider was not accepted');
    if (error instanceof client.AuthorizationResponseError)
      return new ProblemError(
        'unauthenticated',
        error.error === 'access_denied' ? `You did not allow it at ${name}.` : `${name} did not let you in.`,
        'Devices are not affected. Try again, or ask whoever manages accounts there.',
      );
    if (isSilence(error)) return this.#down(error);
    return new ProblemError(
      'unauthenticated',
      `What ${name} answered cannot be trusted, so nobody was signed in.`,
      'Devices are not affected. Begin again on the login page; if it stays, the log of the anchor says more.',
    );
  }

  #misfit(error: unknown): ProblemError {
    this.#log.error({ reason: reasonOf(error) }, 'the provider of accounts is not the one that oidc.toml names');
    return new ProblemError(
      'unavailable',
      `What answers in the place of ${this.settings.name} is not what this wall expects.`,
      'Devices keep running. Whoever keeps the hub looks at the issuer in its oidc.toml; the log of the anchor says more.',
    );
  }

  #down(error: unknown): ProblemError {
    this.#log.warn({ reason: reasonOf(error) }, 'the provider of accounts does not answer');
    return new ProblemError(
      'unavailable',
      `${this.settings.name} does not answer, so it cannot say who you are.`,
      'Devices keep running, and whoever is signed in stays. Try again in a minute, or sign in another way.',
    );
  }
}

/** Codes and messages alone: what was sent holds tokens. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, cause } = error as Error & { code?: unknown };
  const because = cause instanceof Error ? ` (${cause.message})` : '';
  return `${typeof code === 'string' ? `${code}: ` : ''}${error.message}${because}`.slice(0, 300);
}

function isSilence(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return (
    error instanceof TypeError || code === 'OAUTH_TIMEOUT' || (error instanceof DOMException && error.name === 'TimeoutError')
  );
}
