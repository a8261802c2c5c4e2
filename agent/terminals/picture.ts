/**
 * Pictures of terminals for tiles at rest: the pty host reads them from its own screen state and sends what changed, so that the agent
 * holds no second terminal. `terminals.watchPicture(request, listener)` starts one.
 */
import * as z from 'zod';
import { Name } from '#contracts/name.ts';
import type { TerminalPeek } from '#contracts/peek.ts';
import { SessionId } from '#contracts/stream/session.ts';

export const PictureSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session'), sid: SessionId }),
  z.object({ kind: z.literal('newest-host') }).describe('The shell of the host that was used last; follows to a newer one.'),
  z
    .object({ kind: z.literal('service'), deployment: Name, service: Name })
    .describe("A service's own terminal, opened on demand."),
]);
export type PictureSource = z.infer<typeof PictureSource>;

/** At most this often and this large; a bigger terminal is cropped around its cursor. */
export const PictureSize = z.object({
  fps: z.number().min(0.1).max(10),
  rows: z.number().int().min(1).max(200),
  cols: z.number().int().min(2).max(500),
});
export type PictureSize = z.infer<typeof PictureSize>;

export interface PictureListener {
  /** The first is whole; `seq` grows by one. Nothing comes while nothing changes. */
  onPicture(picture: TerminalPeek): void;
  /** There is nothing to see, for people; a picture may still come later. */
  onNothing(why: string): void;
}

export interface PictureWatch {
  resize(size: PictureSize): void;
  /** The next picture is whole. */
  resync(): void;
  stop(): void;
}

/** Implemented by `Terminals`. */
export interface PictureMaker {
  watchPicture(request: PictureSize & { source: PictureSource }, listener: PictureListener): PictureWatch;
}
