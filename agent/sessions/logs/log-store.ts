/**
 * The lines of this device's services on its own disk, bounded. What is over the bound goes from whichever service has most, its
 * oldest first: a noisy service pushes out its own history, and a quiet one keeps what it has.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../log.ts';
import { LineNumbers } from './line-numbers.ts';
import { encodeLine, type LogContent, type LogKey, type LogLine } from './log-line.ts';
import { ServiceLog } from './service-log.ts';

const FLUSH_MS = 1_000;
const FLUSH_BYTES = 256 * 1024;
/** A disk that takes nothing for so long makes the readers wait. */
const MOST_PENDING_BYTES = 4 * 1024 * 1024;
/** Of services that are long gone the oldest are forgotten: a folder costs something, however little it holds. */
const MOST_SERVICES = 1_000;
const DEVICE_FOLDER = '_device';
const FOLDER = /^([a-z0-9][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)?$/;

export interface LogStoreOptions {
  folder: string;
  maxBytes: number;
  log: Logger;
  onTrouble?(error: NodeJS.ErrnoException | undefined): void;
}

export class LogStore {
  readonly #options: LogStoreOptions;
  readonly #segmentBytes: number;
  readonly #services = new Map<LogKey, ServiceLog>();
  readonly #opening = new Map<LogKey, Promise<ServiceLog>>();
  readonly #listeners = new Set<(line: LogLine) => void>();
  readonly #dirty = new Set<ServiceLog>();
  #numbers!: LineNumbers;
  #flushing: NodeJS.Timeout | undefined;
  #rounds: Promise<void> = Promise.resolve();
  #roundsDue = 0;
  #pendingBytes = 0;
  #troubled = false;

  /** Never fails: services run also where their lines cannot be stored. */
  static async open(options: LogStoreOptions): Promise<LogStore> {
    const store = new LogStore(options);
    const failed = (error: NodeJS.ErrnoException) => store.#complain(error);
    await mkdir(options.folder, { recursive: true, mode: 0o700 }).catch(failed);
    for (const name of await readdir(options.folder).catch(() => [])) {
      const key = keyOfFolder(name);
      // One that cannot be read is no reason to do without the others; it is tried again when it has something to store.
      if (key !== undefined) await store.ready(key).catch(failed);
    }
    const last = Math.max(0, ...[...store.#services.values()].map(({ lastN }) => lastN));
    store.#numbers = new LineNumbers(join(options.folder, 'numbers'), last + 1);
    return store;
  }

  private constructor(options: LogStoreOptions) {
    this.#options = options;
    this.#segmentBytes = Math.min(1024 * 1024, Math.max(16 * 1024, Math.floor(options.maxBytes / 512)));
  }

  /** The number given last. */
  get lastN(): number {
    return this.#numbers.last;
  }

  get bytes(): number {
    let sum = 0;
    for (const service of this.#services.values()) sum += service.bytes;
    return sum;
  }

  /** False: the disk is slower than what is written; read on when it has caught up. */
  get hasRoom(): boolean {
    return this.#pendingBytes < MOST_PENDING_BYTES;
  }

  get keys(): LogKey[] {
    return [...this.#services.keys()];
  }

  of(key: LogKey): ServiceLog | undefined {
    return this.#services.get(key);
  }

  /** Must have been awaited once before a line of this service is appended. */
  async ready(key: LogKey): Promise<ServiceLog> {
    const known = this.#services.get(key) ?? this.#opening.get(key);
    if (known) return known;
    const opening = ServiceLog.open(key, join(this.#options.folder, folderOf(key)), this.#segmentBytes)
      .then((service) => {
        this.#services.set(key, service);
        return service;
      })
      .finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  append(service: ServiceLog, t: number, content: LogContent): void {
    const line = encodeLine(this.#numbers.take(), Math.max(0, Math.floor(t)), service.key, content);
    service.append(line);
    this.#pendingBytes += line.bytes.length;
    this.#soon(service);
    for (const listener of this.#listeners) listener(line);
  }

  mark(service: ServiceLog, container: string, position: string): void {
    service.mark(container, position);
    this.#soon(service);
  }

  /** Every line from now on, in the order of the numbers. */
  listen(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Everything appended before is in the files, where the disk takes it. One round at a time. */
  flush(): Promise<void> {
    this.#roundsDue++;
    this.#rounds = this.#rounds.then(() => this.#flushRound()).finally(() => this.#roundsDue--);
    return this.#rounds;
  }

  async #flushRound(): Promise<void> {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const service of dirty) {
      try {
        await service.flush();
        this.#complain(undefined);
      } catch (error) {
        this.#dirty.add(service);
        this.#complain(error as NodeJS.ErrnoException);
      }
    }
    this.#pendingBytes = 0;
    for (const { pendingBytes } of this.#services.values()) this.#pendingBytes += pendingBytes;
    await this.#trim();
    if (this.#dirty.size > 0) this.#flushing ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#flushing);
    for (const service of this.#services.values()) await service.close();
    this.#numbers.giveBack();
  }

  #soon(service: ServiceLog): void {
    this.#dirty.add(service);
    if (this.#pendingBytes >= FLUSH_BYTES && this.#roundsDue === 0 && !this.#troubled) void this.flush();
    else this.#flushing ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  async #trim(): Promise<void> {
    while (this.#services.size > MOST_SERVICES) await this.#forgetOldestService();
    while (this.bytes > this.#options.maxBytes) {
      const largest = [...this.#services.values()].reduce((most, one) => (one.bytes > most.bytes ? one : most));
      if (!(await largest.dropOldest().catch(() => false))) return;
    }
  }

  async #forgetOldestService(): Promise<void> {
    const idle = [...this.#services.values()].filter(({ containers }) => ![...containers].length);
    const oldest = idle.sort((a, b) => a.lastN - b.lastN)[0] ?? [...this.#services.values()].sort((a, b) => a.lastN - b.lastN)[0];
    if (!oldest) return;
    this.#services.delete(oldest.key);
    await oldest.remove();
  }

  #complain(error: NodeJS.ErrnoException | undefined): void {
    if (Boolean(error) === this.#troubled) return;
    this.#troubled = Boolean(error);
    this.#options.onTrouble?.(error);
    if (error)
      this.#options.log.warn(
        { error, folder: this.#options.folder },
        'Logs cannot be stored. Services run on; lines wait where the engine keeps them. Make room on the disk.',
      );
  }
}

const folderOf = (key: LogKey): string => (key === '' ? DEVICE_FOLDER : key.replace('/', '.'));

function keyOfFolder(name: string): LogKey | undefined {
  if (name === DEVICE_FOLDER) return '';
  const [, deployment, service] = FOLDER.exec(name) ?? [];
  return deployment === undefined ? undefined : `${deployment}/${service ?? ''}`;
}
