/**
 * Recordings on the device's disk until the hub has fetched them: `<id>.cast` and `<id>.json` each. Bounded: what is oldest goes first.
 * Two processes share the folder, each with its own kind of recording; a recording that its process left open is closed by the next.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { RECORDING_PART_BYTES, Recording, RecordingId } from '#contracts/recording.ts';
import { StreamRefusal } from '#contracts/stream/session.ts';
import { OpenRecording } from './open-recording.ts';

/** While it is being written the ends are missing. */
export const RecordingFile = Recording.extend({
  endedAt: Recording.shape.endedAt.optional(),
  people: z.array(Recording.shape.people.element.extend({ to: z.iso.datetime().optional() })),
});
export type RecordingFile = z.infer<typeof RecordingFile>;

export interface SpoolLimits {
  recordingBytes: number;
  folderBytes: number;
}
const LIMITS: SpoolLimits = { recordingBytes: 50 * 1024 ** 2, folderBytes: 500 * 1024 ** 2 };
const TAIL_BYTES = 1024 ** 2;

export class RecordingSpool {
  readonly folder: string;
  readonly limits: SpoolLimits;
  #device: string;

  constructor(stateDir: string, device: string, limits: Partial<SpoolLimits> = {}) {
    this.folder = join(stateDir, 'recordings');
    this.limits = { ...LIMITS, ...limits };
    this.#device = device;
  }

  /** Makes the files of a new recording; its text is appended line by line. */
  async begin(kind: Recording['kind'], target: Recording['target']): Promise<OpenRecording> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    await this.makeRoom();
    const file: RecordingFile = {
      id: randomBytes(12).toString('hex'),
      device: this.#device,
      kind,
      target,
      startedAt: new Date().toISOString(),
      bytes: 0,
      people: [],
      truncated: false,
    };
    await this.save(file);
    return new OpenRecording(this, file);
  }

  /** Call it once at the start of the process that writes this kind, or when that process is known to be gone. */
  async closeAbandoned(kind: Recording['kind']): Promise<Recording[]> {
    const closed: Recording[] = [];
    for (const file of await this.#files()) {
      if (file.kind !== kind || file.endedAt) continue;
      const path = this.castPath(file.id);
      const { bytes, endedAt } = await cutBrokenLine(path, file.startedAt);
      // Broken off before its first line: there is nothing to play.
      if (bytes === 0) {
        await this.#remove(file.id);
        continue;
      }
      const people = file.people.map((one) => ({ ...one, to: one.to ?? endedAt }));
      const recording: Recording = { ...file, people, bytes, endedAt };
      await this.save(recording);
      closed.push(recording);
    }
    return closed;
  }

  /** Those that ended, oldest first. */
  async list(): Promise<Recording[]> {
    const files = await this.#files();
    return files.flatMap((file) => Recording.safeParse(file).data ?? []);
  }

  async read(id: string, offset: number): Promise<{ data: string; end: boolean }> {
    const file = await open(this.castPath(id), 'r').catch(() => undefined);
    if (!file) throw new StreamRefusal('not-found', 'The device no longer keeps this recording.');
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.max(0, Math.min(RECORDING_PART_BYTES, size - offset)));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      return { data: buffer.toString('base64', 0, bytesRead), end: offset + bytesRead >= size };
    } finally {
      await file.close();
    }
  }

  /** True: it was there. One that is still being written stays. */
  async delete(id: string): Promise<boolean> {
    const file = (await this.#files()).find((one) => one.id === id);
    if (!file?.endedAt) return false;
    await this.#remove(id);
    return true;
  }

  /** Removes the oldest ended ones until the folder is within its bound. */
  async makeRoom(): Promise<void> {
    const files = await this.#files();
    const sizes = await Promise.all(files.map(({ id }) => sizeOf(this.castPath(id))));
    let total = sizes.reduce((sum, size) => sum + size, 0);
    for (const [index, file] of files.entries()) {
      if (total <= this.limits.folderBytes - this.limits.recordingBytes) return;
      if (!file.endedAt) continue;
      await this.#remove(file.id);
      total -= sizes[index]!;
    }
  }

  castPath = (id: string) => join(this.folder, `${RecordingId.parse(id)}.cast`);

  async save(file: RecordingFile): Promise<void> {
    const path = join(this.folder, `${file.id}.json`);
    await writeFile(`${path}.new`, JSON.stringify(file), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  async #remove(id: string): Promise<void> {
    await rm(join(this.folder, `${id}.json`), { force: true });
    await rm(this.castPath(id), { force: true });
  }

  async #files(): Promise<RecordingFile[]> {
    const names = await readdir(this.folder).catch(() => []);
    const read = names
      .filter((name) => /^[0-9a-f]{24}\.json$/.test(name))
      .map(async (name) => parse(await readFile(join(this.folder, name), 'utf8').catch(() => '')));
    const files = (await Promise.all(read)).filter((file) => file !== undefined);
    return files.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  }
}

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

function parse(text: string): RecordingFile | undefined {
  try {
    return RecordingFile.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A killed process may leave half a line, which no player reads. */
async function cutBrokenLine(path: string, startedAt: string): Promise<{ bytes: number; endedAt: string }> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return { bytes: 0, endedAt: startedAt };
  try {
    const { size, mtime } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    await file.read(tail, 0, tail.length, size - tail.length);
    const bytes = size - tail.length + tail.lastIndexOf(10) + 1;
    if (bytes < size) await truncate(path, bytes);
    return { bytes, endedAt: mtime.toISOString() };
  } finally {
    await file.close();
  }
}
