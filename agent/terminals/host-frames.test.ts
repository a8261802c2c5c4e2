import { expect, it } from 'vitest';
import { decodeTagged, encodeHostFrame, encodeTagged, FRAME_LIMIT_BYTES, HostFrameReader } from './host-frames.ts';

it('cuts a stream into its frames wherever it was torn', () => {
  const frames = [
    encodeHostFrame(1, Buffer.from('{}')),
    encodeTagged(2, ['abc', 'me'], Buffer.from([1, 2])),
    encodeHostFrame(3, Buffer.alloc(0)),
  ];
  const all = Buffer.concat(frames);
  for (let size = 1; size <= all.length; size++) {
    const seen: [number, Buffer][] = [];
    const reader = new HostFrameReader((kind, payload) => seen.push([kind, Buffer.from(payload)]));
    for (let at = 0; at < all.length; at += size) reader.push(all.subarray(at, at + size));
    expect(seen.map(([kind]) => kind)).toEqual([1, 2, 3]);
    expect(decodeTagged(seen[1]![1], 2)).toEqual({ tags: ['abc', 'me'], bytes: Buffer.from([1, 2]) });
  }
});

it('refuses lengths nobody of ours sends, and tags that are cut off', () => {
  const reader = new HostFrameReader(() => undefined);
  const long = Buffer.alloc(4);
  long.writeUInt32BE(FRAME_LIMIT_BYTES + 1);
  expect(() => reader.push(long)).toThrow(RangeError);
  expect(decodeTagged(Buffer.from([5, 97]), 1)).toBeUndefined();
});
