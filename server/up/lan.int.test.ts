import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:https';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from './build.ts';
import { HubHome, type Up } from './running-hub.ts';

const hub = new HubHome(['up-lan']);
let up: Up;

beforeAll(async () => {
  await hub.choosePorts();
  up = await hub.start('--lan').ready();
});
afterAll(async () => {
  if (up && !up.ended) await up.end('SIGTERM');
  hub.remove();
});

const scorewall = (...args: string[]) =>
  execFileSync(process.execPath, ['cli/bin.mjs', '--home', hub.home, ...args], { cwd: projectRoot, encoding: 'utf8' });

const askHealth = (ca: string | undefined): Promise<number | string> =>
  new Promise((resolve) => {
    get(`https://127.0.0.1:${hub.port}/api/v1/healthz`, { ...(ca ? { ca } : {}), agent: false }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

describe('a hub for the network', () => {
  it('speaks TLS with a certificate of its own CA, and shows what to compare', async () => {
    const { url, caFile } = hub.runFile;
    const ca = readFileSync(caFile!, 'utf8');
    expect(url).toMatch(/^https:/);
    expect(await askHealth(ca)).toBe(200);
    expect(await askHealth(undefined)).not.toBe(200);
    expect(up.output).toMatch(/Fingerprint of its CA[\s\S]*([0-9A-F]{2}:){15}[0-9A-F]{2}/);
  });

  it('is reached over TLS by its own device and by the command line', () => {
    expect(scorewall('get', 'devices')).toMatch(/up-lan +● Running +Live/);
  });

  it('hands a new device the certificate it knows the hub by', () => {
    const folder = path.join(hub.home, 'to-carry');
    scorewall('device', 'add', 'up-far', '-d', folder);
    expect(readdirSync(folder).sort()).toEqual(['ca.pem', 'up-far.creds', 'up-far.toml']);
    const config = readFileSync(path.join(folder, 'up-far.toml'), 'utf8');
    expect(config).toMatch(new RegExp(`urls = \\[ "tls://[^"]+:${hub.natsPort}" \\]\\nca_file = "ca.pem"`));
  });
});
