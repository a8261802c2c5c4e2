/**
 * The size a JPEG says it has, before anybody decodes it: a few bytes from a device can stand for gigabytes of pixels. Pure.
 */
export interface JpegSize {
  width: number;
  height: number;
}

/** More pixels than any desktop here has; a browser would take 4 bytes for each. */
const MOST_PIXELS = 4_096 * 4_096;

/** Frame headers but those that are none: DHT, JPG and DAC stand between them. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** undefined: not a JPEG that is worth decoding. */
export function jpegSize(bytes: Uint8Array): JpegSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (isFrame(marker)) {
      const size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      return size.width > 0 && size.height > 0 && size.width * size.height <= MOST_PIXELS ? size : undefined;
    }
    // Padding; any other marker before the frame has a length.
    at += marker === 0xff ? 1 : 2 + Math.max(2, view.getUint16(at + 2));
  }
  return undefined;
}
