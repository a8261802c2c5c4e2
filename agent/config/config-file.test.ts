import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../log.ts';
import { ConfigError, ConfigFile } from './config-file.ts';

const log = createLogger({ level: 'error', format: 'json', write: () => undefined });
const text = (settings = '') => `[agent]
device_id = "alice"
${settings}
[credentials]
type = "creds"
file = "alice.creds"
[nats]
urls = ["nats://127.0.0.1:4222"]
`;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorewall-config-'));
  path = join(folder, 'agent.toml');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the config file', () => {
  it.each([
    ['in the default folder', ''],
    ['in a folder of its own', 'state_dir = "elsewhere"'],
  ])('is replaced by its last good copy while it is broken, kept %s', async (_, settings) => {
    await writeFile(path, text(settings));
    const good = await new ConfigFile(path, log).load();
    await writeFile(path, text(settings).replace('[nats]', '[nats'));
    const loaded = await new ConfigFile(path, log).load();
    expect(loaded.config).toEqual(good.config);
    expect(loaded.problem).toMatch(/agent\.toml:7:\d+: This is not TOML: .*The device keeps running with the last good config\./);
  });

  it.each([
    ['gone', () => rm(path)],
    ['emptied by a power cut', () => writeFile(path, '')],
  ])('is replaced by its last good copy when it is %s', async (_, damage) => {
    await writeFile(path, text());
    await new ConfigFile(path, log).load();
    await damage();
    expect(await new ConfigFile(path, log).load()).toMatchObject({ config: { device: 'alice' }, problem: expect.any(String) });
  });

  it('without any good copy is an error that says where, what it means and what to do', async () => {
    await writeFile(path, text().replace('"alice"', '"Alice"'));
    const error = await new ConfigFile(path, log).load().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(
      /agent\.toml:2:1: agent\.device_id: "Alice" cannot be a name.*containers that run are left alone\. Fix the file/,
    );
  });

  it('notices a change, and that the change is read', async () => {
    await writeFile(path, text());
    const file = new ConfigFile(path, log);
    await file.load();
    expect(await file.hasChanged()).toBe(false);
    await writeFile(path, text('host_ip = "127.0.0.11"'));
    expect(await file.hasChanged()).toBe(true);
    expect((await file.load()).config.hostIp).toBe('127.0.0.11');
    expect(await file.hasChanged()).toBe(false);
  });
});
