/** Runs cut where something found begins and ends, and at links: what one element of the page shows each. Pure. */
import type { TextRun, TextStyle } from './text-runs.ts';

export interface TextPiece {
  text: string;
  style?: TextStyle;
  isMark?: true;
  isHit?: true;
  /** http and https only; the text is the whole address. */
  href?: string;
}

const LINK = /\bhttps?:\/\/[^\s<>"'`{}|\\^]+/g;
const AFTER_LINK = /[.,;:!?)\]]+$/;

export function toPieces(runs: readonly TextRun[], hits: readonly (readonly [number, number])[]): TextPiece[] {
  const pieces: TextPiece[] = [];
  let offset = 0;
  for (const { text, style, isMark } of runs) {
    const base = { ...(style ? { style } : {}), ...(isMark ? { isMark } : {}) };
    const links = isMark ? [] : linksIn(text);
    for (const [from, to] of cuts(text.length, [...links, ...hits.map(([a, b]) => [a - offset, b - offset] as const)])) {
      const part = text.slice(from, to);
      const link = links.find(([a, b]) => a <= from && to <= b);
      const isHit = hits.some(([a, b]) => a <= offset + from && offset + to <= b);
      const href = link && text.slice(link[0], link[1]);
      pieces.push({ ...base, text: part, ...(isHit ? { isHit } : {}), ...(href ? { href } : {}) });
    }
    offset += text.length;
  }
  return pieces;
}

function linksIn(text: string): (readonly [number, number])[] {
  if (!text.includes('://')) return [];
  return [...text.matchAll(LINK)].flatMap((match) => {
    const address = match[0].replace(AFTER_LINK, '');
    return URL.canParse(address) ? [[match.index, match.index + address.length] as const] : [];
  });
}

function cuts(length: number, borders: readonly (readonly [number, number])[]): [from: number, to: number][] {
  const places = [...new Set([0, length, ...borders.flat()])].filter((at) => at >= 0 && at <= length).sort((a, b) => a - b);
  return places.slice(1).map((to, index) => [places[index]!, to]);
}
