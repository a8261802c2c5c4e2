/** Keeps the desired state on disk, so that a device starts its services after a power cut before the network is there. */
import { join } from 'node:path';
import * as z from 'zod';
import { Name } from '#contracts/name.ts';
import { readDurable, writeDurably } from '../durable-file.ts';
import type { Logger } from '../log.ts';
import type { DesiredState } from './desired-state.ts';

const Version = z.object({ revision: z.number().int(), storedAtMs: z.number() });
const StoredState = z.object({
  format: z.literal(1),
  device: Name,
  index: Version.nullable(),
  complete: z.boolean(),
  entries: z.record(Name, Version.extend({ text: z.string().nullable() })),
});

export class DesiredStore {
  #path: string;
  #device: string;
  #log: Logger;
  #wanted: DesiredState | undefined;
  #saving: Promise<void> | undefined;
  #onResult: (error: NodeJS.ErrnoException | undefined) => void;

  constructor(stateDir: string, device: string, log: Logger, onResult: (error: NodeJS.ErrnoException | undefined) => void) {
    this.#path = join(stateDir, 'desired-state.json');
    this.#device = device;
    this.#log = log;
    this.#onResult = onResult;
  }

  async load(): Promise<DesiredState | undefined> {
    const stored = await readDurable(this.#path);
    if (!stored) return undefined;
    if (stored.previous) this.#log.warn({ path: this.#path }, 'The saved desired state was damaged; using the copy before it.');
    const parsed = StoredState.safeParse(JSON.parse(stored.text));
    if (!parsed.success || parsed.data.device !== this.#device) {
      this.#log.warn({ path: this.#path }, 'The saved desired state is not of this device or version and is not used.');
      return undefined;
    }
    const { index, complete, entries } = parsed.data;
    // Of the copy before, what is missing may have been added since.
    return { index, complete: complete && !stored.previous, entries: new Map(Object.entries(entries)) };
  }

  /** One write at a time; of several states that come meanwhile only the newest is written. */
  save(state: DesiredState): void {
    this.#wanted = state;
    this.#saving ??= this.#write().finally(() => {
      this.#saving = undefined;
    });
  }

  async settled(): Promise<void> {
    await this.#saving;
  }

  async #write(): Promise<void> {
    while (this.#wanted) {
      const state = this.#wanted;
      this.#wanted = undefined;
      const content: z.infer<typeof StoredState> = {
        format: 1,
        device: this.#device,
        index: state.index,
        complete: state.complete,
        entries: Object.fromEntries(state.entries),
      };
      try {
        await writeDurably(this.#path, JSON.stringify(content));
        this.#onResult(undefined);
      } catch (error) {
        this.#onResult(error as NodeJS.ErrnoException);
      }
    }
  }
}
