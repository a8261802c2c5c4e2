/**
 * The agent's code on an installed device, beside that of the package: two slots, `current` points at the one that proved itself, `trial`
 * at one that has to. The launcher (deploy/package) gives a trial one start and a time, and goes back by itself; only a healthy agent
 * turns its trial into the current one.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readlink, realpath, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';

const SLOTS = ['a', 'b'] as const;
const VERSION = /^[\w.+~-]{1,64}$/;

export interface AgentUpdate {
  version: string;
  /** Which one it came with: later ones have larger numbers. */
  rollout: number;
  sha256: string;
  code: Uint8Array;
}

export interface UpdatePlaces {
  /** `SCOREWALL_AGENT_SLOTS` of the launcher. */
  slots: string;
  /** `SCOREWALL_AGENT_HOME`: the package, whose native modules every slot uses. */
  home: string;
}

/** Undefined where no launcher started this agent as a unit, which would start it again: it is updated by whoever installed it. */
export function updatePlaces(env: NodeJS.ProcessEnv): UpdatePlaces | undefined {
  const { SCOREWALL_AGENT_SLOTS: slots, SCOREWALL_AGENT_HOME: home, SCOREWALL_SERVICE: service } = env;
  return slots && home && service === '1' ? { slots, home } : undefined;
}

/** Lays the update into the free slot and puts it on trial: the next start of the unit takes it. @throws where it is not what was named */
export async function stageUpdate({ slots, home }: UpdatePlaces, { version, rollout, sha256, code }: AgentUpdate): Promise<void> {
  if (createHash('sha256').update(code).digest('hex') !== sha256)
    throw new Error('The new agent is not the one the hub named (its SHA-256 differs). The one that runs goes on. Update again.');
  if (!VERSION.test(version))
    throw new Error('The new agent has no version that can be written down. The one that runs goes on.');
  const taken = path.basename(await readlink(at(slots, 'current')).catch(() => ''));
  const free = SLOTS.find((slot) => slot !== taken)!;
  const folder = at(slots, free);
  // What was on trial before may lie in this very slot.
  for (const name of ['trial', 'begun', 'returned']) await rm(at(slots, name), { force: true });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await symlink(path.join(home, 'node_modules'), path.join(folder, 'node_modules'));
  await writeFlushed(path.join(folder, 'version'), `${version}\n`);
  await writeFlushed(path.join(folder, 'rollout'), `${rollout}\n`);
  await writeFlushed(path.join(folder, 'agent.mjs'), code);
  await flushFolder(folder);
  await symlink(free, at(slots, 'trial.new')).catch(ignoreExisting);
  await rename(at(slots, 'trial.new'), at(slots, 'trial'));
  await flushFolder(slots);
}

/** Whether the agent of this file has one start to show that it works. */
export async function isOnTrial({ slots }: UpdatePlaces, ownFile: string): Promise<boolean> {
  const trial = await realpath(at(slots, 'trial')).catch(() => undefined);
  return trial !== undefined && path.dirname(await realpath(ownFile)) === trial;
}

/** By an agent that is healthy: if it is the one on trial, it is the current one from now on. */
export async function confirmTrial(places: UpdatePlaces, ownFile: string): Promise<boolean> {
  if (!(await isOnTrial(places, ownFile))) return false;
  const { slots } = places;
  await rename(at(slots, 'trial'), at(slots, 'current'));
  await flushFolder(slots);
  await rm(at(slots, 'begun'), { force: true });
  return true;
}

/** Version that was tried last and did not report healthy. */
export async function returnedFrom({ slots }: UpdatePlaces): Promise<string | undefined> {
  const text = await readFile(at(slots, 'returned'), 'utf8').catch(() => undefined);
  return text?.trim() || undefined;
}

/** The newest rollout that anything came with; 0: nothing ever did. What was cut off while it was laid down counts too. */
export async function lastRollout({ slots }: UpdatePlaces): Promise<number> {
  const texts = await Promise.all(SLOTS.map((slot) => readFile(path.join(slots, slot, 'rollout'), 'utf8').catch(() => '')));
  return Math.max(...texts.map((text) => Number(text.trim()) || 0));
}

const at = (slots: string, name: string): string => path.join(slots, name);

async function writeFlushed(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
