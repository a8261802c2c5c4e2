/** Credentials from a `.creds` file: the device's own JWT and key. A replaced file is taken up without a restart. */
import { readFile, stat } from 'node:fs/promises';
import { subjects } from '#contracts/subjects.ts';
import type { Logger } from '../log.ts';
import type { CredentialSource, NatsCredential, Refreshed } from './credential-source.ts';

export class CredsFile implements CredentialSource {
  readonly kind = 'creds';
  #path: string;
  #device: string;
  #log: Logger;
  #current: NatsCredential | undefined;

  constructor(path: string, device: string, log: Logger) {
    this.#path = path;
    this.#device = device;
    this.#log = log;
  }

  current(): NatsCredential | undefined {
    return this.#current;
  }

  async refresh(): Promise<Refreshed> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      return { why: `${this.#path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).` };
    }
    const parsed = parseCreds(text);
    if (!parsed) return { why: `${this.#path} is not a NATS credentials file. Write it anew with: scorewall device add.` };
    if (parsed.jwt === this.#current?.jwt) return 'unchanged';
    await this.#warnAbout(parsed);
    this.#current = {
      jwt: parsed.jwt,
      seed: new TextEncoder().encode(parsed.seed),
      inboxPrefix: subjects.inbox(this.#device),
      expiresAtMs: parsed.expiresAtMs,
    };
    return 'renewed';
  }

  async #warnAbout({ name, expiresAtMs }: ParsedCreds): Promise<void> {
    const { mode } = await stat(this.#path);
    const file = { file: this.#path };
    if (mode & 0o077) this.#log.warn(file, 'Other users of this machine can read the credentials. Run chmod 600 on the file.');
    if (name !== this.#device) {
      this.#log.error(
        { ...file, belongsTo: name, device: this.#device },
        'The credentials belong to another device. The hub will refuse them for this one.',
      );
    }
    if (expiresAtMs <= Date.now()) this.#log.error(file, 'The credentials have expired. Make new ones on the hub.');
  }
}

export interface ParsedCreds {
  jwt: string;
  seed: string;
  /** Name in the JWT: the device it was made for. */
  name: string;
  expiresAtMs: number;
}

const BLOCK = /-{3,}BEGIN ([A-Z ]+)-{3,}\s+(\S+)\s+-{3,}END [A-Z ]+-{3,}/g;

export function parseCreds(text: string): ParsedCreds | undefined {
  const blocks = new Map([...text.matchAll(BLOCK)].map(([, title, value]) => [title, value]));
  const jwt = blocks.get('NATS USER JWT');
  const seed = blocks.get('USER NKEY SEED');
  if (!jwt || !seed?.startsWith('SU')) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { name?: string; exp?: number };
    return { jwt, seed, name: claims.name ?? '', expiresAtMs: claims.exp ? claims.exp * 1000 : Number.POSITIVE_INFINITY };
  } catch {
    return undefined;
  }
}
