/** Two copies of one text on disk, written in turn: a power cut or a bad block costs at most the newest, never both. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

const SLOTS = ['a', 'b'] as const;
type Slot = (typeof SLOTS)[number];
const HEADER = /^scorewall-slot 1 (\d{1,15}) ([0-9a-f]{64})\n/;
/** More than any state grows to: what is larger was not written by this. */
const MAX_BYTES = 256 * 1024;

export type SlotsRead =
  | { kind: 'good'; generation: number; text: string; damaged: readonly Slot[] }
  /** Neither file exists: nothing was ever written here. */
  | { kind: 'empty' }
  /** There was something, and no copy of it is whole. */
  | { kind: 'lost' };

interface Copy {
  generation: number;
  text: string;
}

export class Slots {
  readonly #folder: string;
  /** Runs between the steps of a write: where tests cut the power. */
  readonly #mark: (step: string) => void;

  constructor(folder: string, mark: (step: string) => void = () => undefined) {
    this.#folder = folder;
    this.#mark = mark;
  }

  async read(): Promise<SlotsRead> {
    const found = await Promise.all(SLOTS.map(async (slot) => ({ slot, copy: await this.#readSlot(slot) })));
    const good = found.flatMap(({ copy }) => (typeof copy === 'object' ? [copy] : []));
    const newest = good.sort((one, other) => other.generation - one.generation)[0];
    if (newest)
      return { kind: 'good', ...newest, damaged: found.filter(({ copy }) => copy === 'damaged').map(({ slot }) => slot) };
    return { kind: found.every(({ copy }) => copy === 'missing') ? 'empty' : 'lost' };
  }

  /** After it, one slot holds the new text and the other still what was there before. */
  async write(text: string): Promise<void> {
    const copies = await Promise.all(SLOTS.map((slot) => this.#readSlot(slot)));
    const generation = (slot: number) => {
      const copy = copies[slot];
      return typeof copy === 'object' ? copy.generation : -1;
    };
    const older = generation(0) <= generation(1) ? 0 : 1;
    await this.#writeSlot(SLOTS[older]!, { generation: Math.max(generation(0), generation(1)) + 1, text });
  }

  /** After it no slot holds anything older: for when what was there before must be gone, or one slot is damaged. */
  async writeBoth(text: string): Promise<void> {
    await this.write(text);
    this.#mark('first-slot');
    await this.write(text);
  }

  async #readSlot(slot: Slot): Promise<Copy | 'missing' | 'damaged'> {
    let content: string;
    try {
      content = await readFile(join(this.#folder, slot), 'utf8');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'damaged';
    }
    const header = content.length <= MAX_BYTES ? HEADER.exec(content) : null;
    if (!header) return 'damaged';
    const text = content.slice(header[0].length);
    return digest(header[1]!, text) === header[2] ? { generation: Number(header[1]), text } : 'damaged';
  }

  async #writeSlot(slot: Slot, { generation, text }: Copy): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, slot);
    const aside = `${path}.new`;
    const file = await open(aside, 'w', 0o600);
    try {
      await file.writeFile(`scorewall-slot 1 ${generation} ${digest(String(generation), text)}\n${text}`);
      await file.sync();
    } finally {
      await file.close();
    }
    this.#mark('aside');
    await rename(aside, path);
    this.#mark('renamed');
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

/** Over the generation too: a flipped bit there would make an old copy the newest. */
const digest = (generation: string, text: string) => createHash('sha256').update(`${generation}\n${text}`).digest('hex');
