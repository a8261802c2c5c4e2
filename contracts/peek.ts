/** Peeks: the small pictures of tiles at rest, made only while somebody looks and published once for all who do. */
import * as z from 'zod';
import { Name } from './name.ts';
import { answer } from './stream/session.ts';

/** What a tile shows at rest. */
export const Face = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('services') }),
  z.object({ kind: z.literal('log'), deployment: Name, service: Name }),
  z
    .object({ kind: z.literal('terminal'), deployment: Name.optional(), service: Name.optional() })
    .describe("A service's own terminal; without names the shell of the host that was used last."),
  z.object({ kind: z.literal('screen'), deployment: Name, service: Name }),
]);
export type Face = z.infer<typeof Face>;

export { faceToken } from './face-token.ts';

export const PEEK_LEASE_MS = 15_000;
export const PEEK_RENEW_MS = 5_000;
export const PEEK_FPS_MAX = 4;

/** `device.<dev>.rpc.peek.<uid>`: good for 15 s, said again every 5 s while the tile is in sight. */
export const PeekRequest = z.strictObject({
  looks: z
    .array(
      z.object({
        face: Face,
        fps: z.number().min(0.1).max(PEEK_FPS_MAX),
        width: z.number().int().min(16).max(1_920).describe('Pixels the picture has on the wall.'),
        height: z.number().int().min(16).max(1_200),
        rows: z.number().int().min(1).max(100).describe('Lines of text that fit.'),
        resync: z.boolean().optional().describe('The next picture must be whole.'),
      }),
    )
    .max(8),
});
export type PeekRequest = z.infer<typeof PeekRequest>;

export const PeekAnswer = answer({
  looks: z.array(
    z.object({
      token: z.string(),
      available: z.boolean(),
      why: z.string().optional().describe('Why there is nothing to see, for people.'),
    }),
  ),
});
export type PeekAnswer = z.infer<typeof PeekAnswer>;

/** A run of cells that look alike: text, then foreground, background and flags where they are not the default. */
export const PeekRun = z.union([
  z.tuple([z.string()]),
  z.tuple([
    z.string(),
    z.number().int().describe('Foreground: -1 default, 0-255 palette, 0x1000000 + rgb.'),
    z.number().int(),
    z.number().int().describe('1 bold, 2 dim, 4 italic, 8 underline, 16 inverse, 32 strike.'),
  ]),
]);
export type PeekRun = z.infer<typeof PeekRun>;

/** JSON on `peek.<dev>.term*`. Rows move up by `scroll` first, then `lines` replace rows. */
export const TerminalPeek = z.object({
  kind: z.literal('terminal'),
  seq: z.number().int().describe('Grows by one; a viewer that misses one waits for, or asks for, a whole picture.'),
  full: z.boolean(),
  at: z.number().describe('Milliseconds since 1970, by the device: age of the picture.'),
  cols: z.number().int(),
  rows: z.number().int(),
  cursor: z.object({ x: z.number().int(), y: z.number().int(), visible: z.boolean() }),
  scroll: z.number().int().nonnegative(),
  lines: z.array(z.tuple([z.number().int(), z.array(PeekRun)])),
});
export type TerminalPeek = z.infer<typeof TerminalPeek>;

/** JSON on `peek.<dev>.log_*`: the last lines, whole every time. */
export const LogPeek = z.object({
  kind: z.literal('log'),
  seq: z.number().int(),
  at: z.number(),
  lines: z.array(z.object({ t: z.number(), o: z.enum(['out', 'err', 'gap', 'event']), x: z.string().max(400) })).max(200),
});
export type LogPeek = z.infer<typeof LogPeek>;

/** Binary on `peek.<dev>.screen_*`: u8 1, u48 time in ms since 1970, u16 width and u16 height of the desktop, then a JPEG. */
export interface ScreenPeek {
  at: number;
  width: number;
  height: number;
  jpeg: Uint8Array;
}
const SCREEN_PEEK_HEADER_BYTES = 11;

export function encodeScreenPeek({ at, width, height, jpeg }: ScreenPeek): Uint8Array {
  const bytes = new Uint8Array(SCREEN_PEEK_HEADER_BYTES + jpeg.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint16(1, Math.floor(at / 2 ** 32));
  view.setUint32(3, at % 2 ** 32);
  view.setUint16(7, width);
  view.setUint16(9, height);
  bytes.set(jpeg, SCREEN_PEEK_HEADER_BYTES);
  return bytes;
}

export function decodeScreenPeek(bytes: Uint8Array): ScreenPeek | undefined {
  if (bytes.length <= SCREEN_PEEK_HEADER_BYTES || bytes[0] !== 1) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    at: view.getUint16(1) * 2 ** 32 + view.getUint32(3),
    width: view.getUint16(7),
    height: view.getUint16(9),
    jpeg: bytes.subarray(SCREEN_PEEK_HEADER_BYTES),
  };
}
