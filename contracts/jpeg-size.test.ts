import sharp from 'sharp';
import { expect, it } from 'vitest';
import { jpegSize } from './jpeg-size.ts';

const jpegOf = async (width: number, height: number, progressive = false) =>
  new Uint8Array(
    await sharp({ create: { width, height, channels: 3, background: '#123456' } })
      .jpeg({ progressive })
      .toBuffer(),
  );

it('reads the size of pictures as devices make them', async () => {
  expect(jpegSize(await jpegOf(320, 200))).toEqual({ width: 320, height: 200 });
  expect(jpegSize(await jpegOf(1920, 1080, true))).toEqual({ width: 1920, height: 1080 });
});

it('takes neither a picture that would fill the memory nor what is none', async () => {
  const bomb = await jpegOf(64, 64);
  const frame = bomb.findIndex((byte, at) => byte === 0xff && bomb[at + 1] === 0xc0);
  bomb.set([0xff, 0xff, 0xff, 0xff], frame + 5);
  expect(jpegSize(bomb)).toBeUndefined();
  const whole = await jpegOf(64, 64);
  for (let length = 0; length < whole.length; length += 7) {
    const size = jpegSize(whole.subarray(0, length));
    expect(size === undefined || size.width === 64).toBe(true);
  }
  expect(jpegSize(new TextEncoder().encode('<html><script>'))).toBeUndefined();
  expect(jpegSize(Uint8Array.of(0xff, 0xd8, ...new Array(5_000).fill(0xff)))).toBeUndefined();
});
