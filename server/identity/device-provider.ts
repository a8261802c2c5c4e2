/**
 * What the hub knows of a provider that vouches for devices: `HOME/device-oidc.toml`. Absent: none. Its keys are kept on disk, so that
 * a provider that is away, also while the hub starts, keeps nobody out.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { Logger } from 'pino';
import { parse } from 'smol-toml';
import * as z from 'zod';
import { Name } from '#contracts/name.ts';

const SETTINGS_FILE = 'device-oidc.toml';
const KEYS_FILE = 'device-oidc-keys.json';
const TIMEOUT_MS = 10_000;
const MAX_LENGTH = 256 * 1024;
/** Keys are read again after this time, and where a token names one that is not known. */
const FRESH_MS = 3_600_000;
const LEAST_GAP_MS = 10_000;
const CLOCK_TOLERANCE_S = 60;
/** Signatures alone: a key that also makes them proves nothing. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];

const isTrustworthy = (address: string): boolean => /^(https:|http:\/\/(127\.0\.0\.1|\[::1\]|localhost)[:/])/.test(`${address}/`);

export const DeviceProviderSettings = z.strictObject({
  issuer: z.url().refine(isTrustworthy, 'Use an https address; http only on loopback.'),
  audience: z.string().min(1).describe('Whom its tokens must be for.'),
  device_claim: z.string().min(1).default('sub').describe('Claim that says which device it is.'),
  names: z.record(z.string(), Name).default({}).describe('Value of the claim -> device, where they differ.'),
  require: z.record(z.string(), z.string()).default({}).describe('Claims that must have this value.'),
});
export type DeviceProviderSettings = z.infer<typeof DeviceProviderSettings>;

const Keys = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(64) });
const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
const Kept = z.object({ issuer: z.string(), keys: Keys });

/** The token is good, and says nothing about a device here. */
export class NoDevice extends Error {}

export class DeviceProvider {
  readonly #settings: DeviceProviderSettings;
  readonly #file: string;
  readonly #log: Logger;
  #keys: JSONWebKeySet | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;

  private constructor(settings: DeviceProviderSettings, file: string, log: Logger) {
    this.#settings = settings;
    this.#file = file;
    this.#log = log;
  }

  static async open(home: string, log: Logger): Promise<DeviceProvider | undefined> {
    const path = join(home, SETTINGS_FILE);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const settings = DeviceProviderSettings.safeParse(parse(text));
    if (!settings.success) throw new Error(`${path} has errors: ${z.prettifyError(settings.error)}`);
    const provider = new DeviceProvider(settings.data, join(home, KEYS_FILE), log);
    const kept = Kept.safeParse(await readJson(provider.#file)).data;
    if (kept?.issuer === settings.data.issuer) provider.#keys = kept.keys as JSONWebKeySet;
    return provider;
  }

  /** The device a token vouches for. @throws NoDevice, and what `jose` throws where the token is not good */
  async deviceOf(token: string): Promise<string> {
    const claims = await this.#verify(token);
    const { device_claim: claim, names, require } = this.#settings;
    for (const [name, value] of Object.entries(require))
      if (claims[name] !== value) throw new NoDevice(`The claim ${name} is not the one this fleet asks for.`);
    const value = claims[claim];
    const device =
      typeof value === 'string' ? Name.safeParse(Object.hasOwn(names, value) ? names[value] : value).data : undefined;
    if (!device) throw new NoDevice(`The claim ${claim} names no device.`);
    return device;
  }

  async #verify(token: string): Promise<JWTPayload> {
    if (performance.now() - this.#readAtMs > FRESH_MS || !this.#keys) await this.#readKeys();
    try {
      return await this.#check(token);
    } catch (error) {
      // It may have changed its keys since.
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.#readKeys())) throw error;
      return await this.#check(token);
    }
  }

  async #check(token: string): Promise<JWTPayload> {
    const { issuer, audience } = this.#settings;
    if (!this.#keys) throw new Error('The keys of the identity provider are not known, and it does not answer.');
    const options = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_S, requiredClaims: ['exp'] };
    return (await jwtVerify(token, createLocalJWKSet(this.#keys), options)).payload;
  }

  /** False where there is nothing newer to be had; what is known stays. */
  async #readKeys(): Promise<boolean> {
    if (performance.now() - this.#readAtMs < LEAST_GAP_MS) return false;
    this.#readAtMs = performance.now();
    const { issuer } = this.#settings;
    try {
      const discovery = Discovery.parse(await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
      if (discovery.issuer !== issuer) throw new Error(`it calls itself ${discovery.issuer}`);
      const keys = Keys.parse(await fetchJson(discovery.jwks_uri));
      this.#keys = keys as JSONWebKeySet;
      await writeFile(`${this.#file}.new`, JSON.stringify({ issuer, keys }), { mode: 0o600 });
      await rename(`${this.#file}.new`, this.#file);
      return true;
    } catch (error) {
      this.#log.warn({ err: error, issuer }, 'the provider that vouches for devices cannot be asked; its keys stay as they were');
      return false;
    }
  }
}

async function fetchJson(address: string): Promise<unknown> {
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  if (!response.ok || text.length > MAX_LENGTH) throw new Error(`${address} answers ${response.status}`);
  return JSON.parse(text);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
