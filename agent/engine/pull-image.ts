/** Pulls an image through `POST /images/create`, which podman and Docker share: the only call that reports bytes. */
import * as z from 'zod';
import type { PullProgress } from './engine.ts';
import { engineErrorFromPull } from './engine-error.ts';
import type { EngineTransport } from './engine-transport.ts';

const PullLine = z.object({
  id: z.string().optional(),
  status: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).nullish(),
  error: z.string().optional(),
});
export type PullLine = z.infer<typeof PullLine>;

export async function pullImage(
  transport: EngineTransport,
  apiVersion: string,
  reference: string,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { repository, tag } = splitReference(reference);
  const path = `/${apiVersion}/images/create?fromImage=${encodeURIComponent(repository)}${tag ? `&tag=${encodeURIComponent(tag)}` : ''}`;
  const tally = new PullTally();
  for await (const raw of transport.lines('POST', path, signal)) {
    const line = PullLine.safeParse(raw);
    if (!line.success) continue;
    // Failures arrive inside a stream that began with 200.
    if (line.data.error) throw engineErrorFromPull(line.data.error);
    if (tally.add(line.data)) onProgress(tally.progress());
  }
  signal.throwIfAborted();
}

/** A tag-less reference would pull every tag from Docker, so `latest` is said aloud. A digest stays in the repository part. */
export function splitReference(reference: string): { repository: string; tag: string } {
  if (reference.includes('@')) return { repository: reference, tag: '' };
  const colon = reference.lastIndexOf(':');
  if (colon < 0 || reference.indexOf('/', colon) >= 0) return { repository: reference, tag: 'latest' };
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

const LAYER_DONE = /^(Download complete|Pull complete|Already exists)/;
const LAYER_SEEN =
  /^(Pulling fs layer|Waiting|Downloading|Verifying Checksum|Extracting|Download complete|Pull complete|Already exists)/;

/** Adds the lines of one pull up. */
export class PullTally {
  readonly #layers = new Map<string, { current: number; total: number; done: boolean }>();

  /** True: the progress changed. */
  add({ id, status = '', progressDetail }: PullLine): boolean {
    if (!id || !LAYER_SEEN.test(status)) return false;
    const layer = this.#layers.get(id) ?? { current: 0, total: 0, done: false };
    const done = layer.done || LAYER_DONE.test(status);
    const { current = layer.current, total = layer.total } = status === 'Downloading' ? (progressDetail ?? {}) : {};
    this.#layers.set(id, { current: done ? Math.max(total, current) : current, total: Math.max(total, current), done });
    return true;
  }

  progress(): PullProgress {
    const all = [...this.#layers.values()];
    return {
      layersDone: all.filter((layer) => layer.done).length,
      layersTotal: all.length,
      bytesDone: all.reduce((sum, layer) => sum + layer.current, 0),
      bytesTotal: all.reduce((sum, layer) => sum + layer.total, 0),
    };
  }
}
