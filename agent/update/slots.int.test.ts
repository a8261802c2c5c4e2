/** The launcher of the package and the slots, with real processes: a unit's `Restart=always` is played by a loop. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { returnedFrom, stageUpdate, type UpdatePlaces } from './slots.ts';

const LAUNCH = path.join(import.meta.dirname, '../../deploy/package/root/usr/lib/scorewall-agent/launch');
const SLOTS_MODULE = path.join(import.meta.dirname, 'slots.ts');
const TSX = import.meta.resolve('tsx');

let folder: string;
let places: UpdatePlaces;
let running: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scorewall-update-'));
  places = { home: path.join(folder, 'home'), slots: path.join(folder, 'slots') };
  await mkdir(path.join(places.home, 'node_modules'), { recursive: true });
  await mkdir(places.slots);
  await symlink(process.execPath, path.join(places.home, 'node'));
  await writeFile(path.join(places.home, 'version'), '1\n');
  await writeFile(path.join(places.home, 'agent.mjs'), program('stay'));
});

afterEach(async () => {
  running?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** What an agent may do on its trial; each says its version first. */
function program(kind: 'stay' | 'prove' | 'crash' | 'deaf'): string {
  const acts = {
    stay: 'setInterval(() => {}, 1000);',
    prove: `const { register } = await import(${JSON.stringify(`${TSX.replace(/\/dist\/.*/, '/dist/esm/api/index.mjs')}`)}); register();
      const { confirmTrial, updatePlaces } = await import(${JSON.stringify(SLOTS_MODULE)});
      await confirmTrial(updatePlaces(process.env), process.argv[1]); console.log('proved'); setInterval(() => {}, 1000);`,
    crash: 'process.exit(1);',
    deaf: "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);",
  };
  return `console.log('version ' + process.env.SCOREWALL_AGENT_VERSION);\n${acts[kind]}\n`;
}

const stage = (version: string, text: string) => {
  const code = Buffer.from(text);
  return stageUpdate(places, {
    version,
    rollout: Number(version),
    code,
    sha256: createHash('sha256').update(code).digest('hex'),
  });
};

/** One start of the unit; resolves with the first lines up to `words`. */
async function start(words: string, seconds = 60): Promise<ChildProcess> {
  running = spawn('sh', [LAUNCH], {
    env: {
      PATH: process.env.PATH,
      SCOREWALL_SERVICE: '1',
      SCOREWALL_AGENT_HOME: places.home,
      SCOREWALL_AGENT_SLOTS: places.slots,
      SCOREWALL_TRIAL_SECONDS: String(seconds),
      SCOREWALL_TRIAL_GRACE_SECONDS: '1',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let heard = '';
  for await (const chunk of running.stdout!.iterator({ destroyOnReturn: false })) {
    heard += String(chunk);
    if (heard.includes(words)) return running;
  }
  throw new Error(`It ended and said ${JSON.stringify(heard)}, not ${words}.`);
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe('an update of the agent', () => {
  it('stays once it has proved itself, also over the next starts', async () => {
    await end(await start('version 1'));
    await stage('2', program('prove'));
    await end(await start('proved'));
    await end(await start('version 2'));
    await stage('3', program('prove'));
    await end(await start('proved'));
    await end(await start('version 3'));
    expect(await returnedFrom(places)).toBeUndefined();
  });

  it('that falls over is gone at the next start, and is never tried again', async () => {
    await stage('2', program('crash'));
    const child = await start('version 2');
    if (child.exitCode === null) await once(child, 'exit');
    await end(await start('version 1'));
    await end(await start('version 1'));
    expect(await returnedFrom(places)).toBe('2');
  });

  it.each(['stay', 'deaf'] as const)(
    'that lives but proves nothing (%s) is ended in time, and the one before comes back',
    async (kind) => {
      await stage('2', program('prove'));
      await end(await start('proved'));
      await stage('3', program(kind));
      const child = await start('version 3', 3);
      await once(child, 'exit');
      await end(await start('version 2'));
      expect(await returnedFrom(places)).toBe('3');
    },
  );

  it('that is not what the hub named is not laid down at all', async () => {
    const code = Buffer.from(program('prove'));
    await expect(stageUpdate(places, { version: '2', rollout: 2, code, sha256: '0'.repeat(64) })).rejects.toThrow('SHA-256');
    await end(await start('version 1'));
  });

  // Only root can give a folder to somebody else.
  it.runIf(process.getuid!() === 0)('that another user could have written is run by nobody, root the least', async () => {
    await stage('2', program('prove'));
    await end(await start('proved'));
    await stage('3', program('prove'));
    for (const foreign of [places.slots, folder]) {
      await chown(foreign, 65_534, 65_534);
      await end(await start('version 1'));
      await chown(foreign, 0, 0);
    }
    await end(await start('version 3'));
  });

  it('whose laying down was cut off by a power cut leaves what runs alone', async () => {
    await stage('2', program('prove'));
    await end(await start('proved'));
    // As far as it got: the slot is half written, and nothing points at it.
    await mkdir(path.join(places.slots, 'b'), { recursive: true });
    await writeFile(path.join(places.slots, 'b', 'agent.mjs'), 'syntax error (');
    await end(await start('version 2'));
    await stage('3', program('prove'));
    await end(await start('proved'));
    expect((await readFile(path.join(places.slots, 'current', 'version'), 'utf8')).trim()).toBe('3');
  });
});
