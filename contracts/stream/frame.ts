/**
 * One chunk of a stream session: `u8 kind, u48 end offset (big endian), payload`. The offset counts data bytes from the start
 * of the session; a chunk that ends beyond what is expected is a gap, one that ends at or before it was seen already.
 */
export const FRAME_KIND = {
  /** Counts: the offset grows by the payload's length. */
  data: 1,
  /** JSON, as of this offset: who watches, who types, the size. Terminal: `TerminalState`; screen: `ScreenState`. */
  state: 2,
  /** JSON `StreamProgress`: how far a search or a history is. */
  progress: 3,
  /** JSON `StreamClosed`. Nothing follows. */
  closed: 4,
} as const;
export type FrameKind = (typeof FRAME_KIND)[keyof typeof FRAME_KIND];

export const FRAME_HEADER_BYTES = 7;
/** Payload of one message at most. */
export const FRAME_PAYLOAD_BYTES = 32 * 1024;
/** What a frame that waits costs beside its payload: of empty ones there could be any number. */
export const FRAME_COST_BYTES = 128;

export interface Frame {
  kind: FrameKind;
  /** Where the stream stands after this chunk, in bytes of data. */
  endOffset: number;
  payload: Uint8Array;
}

export function encodeFrame({ kind, endOffset, payload }: Frame): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  bytes[0] = kind;
  writeOffset(bytes, 1, endOffset);
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

/** undefined: not a frame of ours. The payload is a view, not a copy. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  const kind = bytes[0];
  if (bytes.length < FRAME_HEADER_BYTES || !isKind(kind)) return undefined;
  return { kind, endOffset: readOffset(bytes, 1), payload: bytes.subarray(FRAME_HEADER_BYTES) };
}

/** A terminal viewer's acknowledgement is a bare offset: it is sent often. */
export function encodeOffset(offset: number): Uint8Array {
  const bytes = new Uint8Array(6);
  writeOffset(bytes, 0, offset);
  return bytes;
}

export const decodeOffset = (bytes: Uint8Array): number | undefined => (bytes.length === 6 ? readOffset(bytes, 0) : undefined);

const KINDS: ReadonlySet<number> = new Set(Object.values(FRAME_KIND));
const isKind = (kind: number | undefined): kind is FrameKind => kind !== undefined && KINDS.has(kind);

function writeOffset(bytes: Uint8Array, at: number, offset: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint16(at, Math.floor(offset / 2 ** 32));
  view.setUint32(at + 2, offset % 2 ** 32);
}

function readOffset(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
}
