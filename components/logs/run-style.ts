/** Colours of a service's text on the dark ground of terminals, always readable: a pair of colours too close gets black or white. Pure. */
import type { CSSProperties } from 'react';
import type { TextStyle } from './text-runs.ts';

type Rgb = readonly [number, number, number];

const GROUND: Rgb = [0x06, 0x09, 0x14];
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
const INK: Rgb = [0xee, 0xf2, 0xff];
const DIM_INK: Rgb = [0xa9, 0xb4, 0xd0];
const LEAST_CONTRAST = 4.5;

const SIXTEEN: readonly Rgb[] = [
  '1b2440 e5534b 3fb950 d0a43a 5b88ed b083f0 39c5cf d0d7e6',
  '7c89ab ff7b72 7ee787 f2cc60 79c0ff d2a8ff 8ae6ee ffffff',
].flatMap((row) => row.split(' ').map((hex) => toRgb(Number.parseInt(hex, 16))));

const cache = new Map<string, CSSProperties>();

export function toCss(style: TextStyle): CSSProperties {
  const key = JSON.stringify(style);
  const known = cache.get(key);
  if (known) return known;
  // Somebody who writes with all colours there are gets them, but they are not kept.
  if (cache.size > 2_000) cache.clear();
  const css = makeCss(style);
  cache.set(key, css);
  return css;
}

function makeCss({ fg, bg, bold, dim, italic, underline, strike, inverse }: TextStyle): CSSProperties {
  const plainInk = dim ? DIM_INK : INK;
  let ink = fg === undefined ? plainInk : colourOf(fg);
  let ground = bg === undefined ? undefined : colourOf(bg);
  if (inverse) [ink, ground] = [ground ?? GROUND, ink];
  const lines = [underline ? 'underline' : '', strike ? 'line-through' : ''].filter(Boolean).join(' ');
  return {
    color: css(readable(ink, ground ?? GROUND)),
    ...(ground ? { backgroundColor: css(ground) } : {}),
    ...(bold ? { fontWeight: 700 } : {}),
    ...(italic ? { fontStyle: 'italic' } : {}),
    ...(lines ? { textDecorationLine: lines } : {}),
  };
}

export function readable(ink: Rgb, ground: Rgb): Rgb {
  if (contrast(ink, ground) >= LEAST_CONTRAST) return ink;
  return contrast(WHITE, ground) >= contrast(BLACK, ground) ? WHITE : BLACK;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Palette index as of 256 colours: 16 of ours, a cube of 6 x 6 x 6, 24 greys; above 0x1000000 the colour itself. */
export function colourOf(value: number): Rgb {
  if (value >= 0x1000000) return toRgb(value - 0x1000000);
  if (value < 16) return SIXTEEN[value]!;
  if (value >= 232) return [8 + 10 * (value - 232), 8 + 10 * (value - 232), 8 + 10 * (value - 232)];
  const step = (part: number) => (part === 0 ? 0 : 55 + 40 * part);
  const index = value - 16;
  return [step(Math.floor(index / 36)), step(Math.floor(index / 6) % 6), step(index % 6)];
}

function toRgb(value: number): Rgb {
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;
