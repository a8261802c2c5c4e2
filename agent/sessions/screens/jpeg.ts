/** Small JPEGs of desktops. The encoder is native code that not every device has: it is loaded when it is first needed. */
import type { Framebuffer } from './framebuffer.ts';

/** No encoder on this device: in words. */
export class NoEncoder extends Error {
  override readonly name = 'NoEncoder';
}

export interface PictureBox {
  width: number;
  height: number;
}

export const LARGEST_BOX: PictureBox = { width: 480, height: 300 };
const QUALITY = 60;

type Sharp = typeof import('sharp').default;
let loading: Promise<Sharp> | undefined;

export async function encodeJpeg({ width, height, pixels }: Framebuffer, box: PictureBox): Promise<Uint8Array> {
  loading ??= loadSharp();
  const sharp = await loading;
  // The fourth byte is alpha to the encoder, and the desktop leaves it zero: everything would be black.
  for (let at = 3; at < pixels.length; at += 4) pixels[at] = 255;
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .resize({ ...box, fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

async function loadSharp(): Promise<Sharp> {
  try {
    const { default: sharp } = await import('sharp');
    // One thread, nothing kept: the device has other things to do.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  } catch (error) {
    throw new NoEncoder(
      `This device cannot make small pictures of screens: its agent has no picture encoder (${(error as Error).message.split('\n')[0]}). Zoom in to see the screen itself.`,
    );
  }
}
