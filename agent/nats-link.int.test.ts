import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeUserJwt, formatCreds } from '#server/nats/jwt.ts';
import { createNkey } from '#server/nats/nkey.ts';
import { startTestNats, type TestNats } from '#server/nats/test-server.ts';
import { prepareFleetTls } from '#server/up/fleet-tls.ts';
import { CredsFile } from './identity/creds-file.ts';
import { createLogger } from './log.ts';
import { NatsLink } from './nats-link.ts';

const WAITING = { timeout: 60_000, interval: 50 };

let tlsFolder: string;
let nats: TestNats;
let caFile: string;
beforeAll(async () => {
  tlsFolder = await mkdtemp(join(tmpdir(), 'scorewall-tls-'));
  const tls = prepareFleetTls(tlsFolder);
  caFile = tls.caFile;
  nats = await startTestNats({ tls: { certFile: tls.certFile, keyFile: tls.keyFile } });
});
afterAll(async () => {
  await nats?.stop();
  await rm(tlsFolder, { recursive: true });
});

let folder: string;
let creds: string;
const lines: string[] = [];
const log = createLogger({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorewall-link-'));
  creds = join(folder, 'linked.creds');
  lines.length = 0;
});
let end: () => Promise<void> = async () => undefined;
afterEach(async () => {
  await end();
  await rm(folder, { recursive: true });
});

const writeCreds = (expiresAt?: Date) => {
  const user = createNkey('user');
  const claims = {
    publicKey: user.publicKey,
    name: 'linked',
    account: nats.keys.device.account,
    ...(expiresAt ? { expiresAt } : {}),
  };
  return writeFile(creds, formatCreds(encodeUserJwt(claims, nats.keys.device.key), user.seed), { mode: 0o600 });
};

/** The connections that stood, as their users saw them. */
function link(options: { caFile?: string } = {}) {
  const seen = { attached: 0, detached: 0 };
  const abort = new AbortController();
  const user = { attach: () => void seen.attached++, detach: () => void seen.detached++ };
  const credentials = new CredsFile(creds, 'linked', log);
  const running = new NatsLink({ device: 'linked', urls: [nats.url], credentials, users: [user], log, ...options }).run(
    abort.signal,
  );
  end = async () => {
    abort.abort();
    await running;
  };
  return seen;
}

describe("the agent's connection", () => {
  it("is encrypted where the hub has an authority of its own, and trusts nobody else's", async () => {
    await writeCreds();
    const stranger = link();
    await vi.waitFor(() => expect(lines.join('')).toMatch(/cannot be reached \(.*certificate/), WAITING);
    expect(stranger.attached).toBe(0);
    await end();
    const trusting = link({ caFile });
    await vi.waitFor(() => expect(trusting.attached).toBe(1), WAITING);
  });

  it('outlives credentials that end, once there are new ones', async () => {
    await writeCreds(new Date(Date.now() + 5_000));
    const seen = link({ caFile });
    await vi.waitFor(() => expect(seen.attached).toBeGreaterThan(0), WAITING);
    // The second in which they end may let it in once more; after that it is out and still tries.
    const sinceItWasIn = () => lines.slice(lines.findLastIndex((line) => line.includes('Connected to NATS'))).join('');
    await vi.waitFor(() => expect(sinceItWasIn()).toContain('refuses this device'), WAITING);
    const before = seen.attached;
    expect(seen.detached).toBe(before);
    await writeCreds();
    await vi.waitFor(() => expect(seen.attached).toBe(before + 1), WAITING);
  });

  it('changes to new credentials while the old ones still work', async () => {
    await writeCreds();
    const seen = link({ caFile });
    await vi.waitFor(() => expect(seen.attached).toBe(1), WAITING);
    await writeCreds();
    await vi.waitFor(() => expect(seen).toEqual({ attached: 2, detached: 1 }), WAITING);
    expect(lines.join('')).toContain('New credentials');
  });

  it('comes back however often the server goes', async () => {
    await writeCreds();
    const seen = link({ caFile });
    for (let round = 1; round <= 3; round++) {
      await vi.waitFor(() => expect(seen).toEqual({ attached: round, detached: round - 1 }), WAITING);
      await nats.kill();
      await vi.waitFor(() => expect(seen.detached).toBe(round), WAITING);
      await nats.restart();
    }
    await vi.waitFor(() => expect(seen.attached).toBe(4), WAITING);
  });
});
