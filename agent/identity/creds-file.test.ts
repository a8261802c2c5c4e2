import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../log.ts';
import { CredsFile, parseCreds } from './creds-file.ts';

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
const creds = (token: string, seed = 'SUAGMJH5XLGZKQQWAWKRZJIGMOU4HPFUYLXJMXOO5NLFEO2OOQJ5LPRDPM') =>
  `-----BEGIN NATS USER JWT-----\n${token}\n------END NATS USER JWT------\n\n************************* IMPORTANT *************************\nNKEY Seed printed below.\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n\n*************************************************************\n`;

describe('credentials text', () => {
  it('gives the JWT, the seed, whose they are and when they end', () => {
    const token = jwt({ name: 'alice', exp: 1_800_000_000 });
    expect(parseCreds(creds(token))).toMatchObject({ jwt: token, name: 'alice', expiresAtMs: 1_800_000_000_000 });
    expect(parseCreds(creds(jwt({ name: 'alice' })))?.expiresAtMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('may have lines that end as on Windows', () => {
    expect(parseCreds(creds(jwt({ name: 'alice' })).replaceAll('\n', '\r\n'))?.name).toBe('alice');
  });

  it.each([
    ['nothing', ''],
    ['half a file', creds(jwt({})).slice(0, 80)],
    ['a seed of an account', creds(jwt({}), 'SAAGMJH5XLGZ')],
    ['a JWT that is none', creds('abc')],
  ])('is refused: %s', (_, text) => expect(parseCreds(text)).toBeUndefined());
});

describe('the credentials file', () => {
  let folder: string;
  let path: string;
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', format: 'json', write: (line) => lines.push(line) });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scorewall-creds-'));
    path = join(folder, 'alice.creds');
    lines.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is taken up when it appears, kept when it breaks, and renewed when it is replaced', async () => {
    const source = new CredsFile(path, 'alice', log);
    expect(await source.refresh()).toHaveProperty('why');
    expect(source.current()).toBeUndefined();

    await writeFile(path, creds(jwt({ name: 'alice', iat: 1 })), { mode: 0o600 });
    expect(await source.refresh()).toBe('renewed');
    expect(await source.refresh()).toBe('unchanged');
    expect(source.current()?.inboxPrefix).toBe('_INBOX.alice');

    await writeFile(path, 'half');
    expect(await source.refresh()).toHaveProperty('why');
    expect(source.current()?.jwt).toBe(jwt({ name: 'alice', iat: 1 }));

    await writeFile(path, creds(jwt({ name: 'alice', iat: 2 })));
    expect(await source.refresh()).toBe('renewed');
    expect(lines).toEqual([]);
  });

  it('is complained about when others can read it, or it is of another device; its secrets stay out of the log', async () => {
    await writeFile(path, creds(jwt({ name: 'aria' })), { mode: 0o644 });
    await new CredsFile(path, 'alice', log).refresh();
    expect(lines.join()).toContain('Other users of this machine can read');
    expect(lines.join()).toContain('belong to another device');
    expect(lines.join()).not.toMatch(/SUAG|e30\./);
  });
});
