import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_LIST } from '#contracts/package-list.ts';
import { createInstallHandler } from './serve-install.ts';

const CONTENT = Buffer.alloc(300_000, 'x');
const sha256 = createHash('sha256').update(CONTENT).digest('hex');
const file = { name: 'scorewall-agent_amd64.deb', sha256, sizeBytes: CONTENT.length };

let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scorewall-install-'));
  const handle = createInstallHandler({
    scriptFile: path.join(import.meta.dirname, '../../deploy/install/join.sh'),
    packageFolders: [path.join(folder, 'none'), folder],
  });
  server = createServer((request, response) => {
    void handle(request, response, request.url!).then((done) => done || response.writeHead(404).end('page'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('what a machine fetches that joins', () => {
  it('is a script that says so, as long as the hub carries no package', async () => {
    expect(await (await fetch(`${url}/join`)).text()).toContain("VERSION='none'");
    expect((await fetch(`${url}/install/${file.name}`)).status).toBe(404);
  });

  it('is the script to curl and a page to a browser, at the same address', async () => {
    const { stdout: script } = await promisify(execFile)('curl', ['-fsSL', '-m', '60', `${url}/join`]);
    execFileSync('sh', ['-n'], { input: script });
    expect(script.trimEnd().split('\n').at(-1)).toBe('scorewall_join "$@"');
    const page = await fetch(`${url}/join`, { headers: { accept: 'text/html,*/*' } });
    expect([page.status, await page.text()]).toEqual([404, 'page']);
    expect((await fetch(`${url}/join`, { method: 'POST' })).status).toBe(404);
  });

  it('is the package, whole and named by its checksum, and nothing else of the folder', async () => {
    await writeFile(path.join(folder, file.name), CONTENT);
    await writeFile(path.join(folder, 'secret'), 'secret');
    const list = { version: '1.0.0', builtAt: '2026-11-01T00:00:00.000Z', files: { amd64: file } };
    await writeFile(path.join(folder, PACKAGE_LIST), JSON.stringify(list));
    expect(await (await fetch(`${url}/join`)).text()).toContain(`SHA256_amd64='${sha256}'`);
    const answer = await fetch(`${url}/install/${file.name}`);
    expect(answer.headers.get('etag')).toBe(`"${sha256}"`);
    expect(
      createHash('sha256')
        .update(Buffer.from(await answer.arrayBuffer()))
        .digest('hex'),
    ).toBe(sha256);
    const again = await fetch(`${url}/install/${file.name}`, { headers: { 'if-none-match': `"${sha256}"` } });
    expect(again.status).toBe(304);
    for (const name of ['secret', '../secret', '%2e%2e/secret', PACKAGE_LIST])
      expect((await fetch(`${url}/install/${name}`)).status).toBe(404);
  });
});
