/** The look of a cell as the escape sequence that brings it about from any other. Pure. */
import type { InnerCell } from './xterm.ts';

export const PLAIN = '\x1b[0m';

export function sgrOf(cell: InnerCell): string {
  const codes: (number | string)[] = [0];
  if (cell.isBold()) codes.push(1);
  if (cell.isDim()) codes.push(2);
  if (cell.isItalic()) codes.push(3);
  if (cell.isUnderline()) codes.push(...underline(cell));
  if (cell.isBlink()) codes.push(5);
  if (cell.isInverse()) codes.push(7);
  if (cell.isInvisible()) codes.push(8);
  if (cell.isStrikethrough()) codes.push(9);
  if (cell.isOverline()) codes.push(53);
  if (cell.isFgRGB()) codes.push(38, 2, ...rgb(cell.getFgColor()));
  else if (cell.isFgPalette()) codes.push(...palette(cell.getFgColor(), 30, 90, 38));
  codes.push(...background(cell));
  return `\x1b[${codes.join(';')}m${cell.isProtected() ? '\x1b[1"q' : ''}`;
}

/** Erased cells take over nothing but the background. */
export const backgroundOf = (cell: InnerCell): string => `\x1b[${[0, ...background(cell)].join(';')}m`;

function background(cell: InnerCell): number[] {
  if (cell.isBgRGB()) return [48, 2, ...rgb(cell.getBgColor())];
  return cell.isBgPalette() ? palette(cell.getBgColor(), 40, 100, 48) : [];
}

function underline(cell: InnerCell): (number | string)[] {
  if (!cell.hasExtendedAttrs()) return [4];
  const style = cell.getUnderlineStyle();
  const codes: (number | string)[] = [style > 1 ? `4:${style}` : 4];
  if (cell.isUnderlineColorDefault()) return codes;
  const color = cell.getUnderlineColor();
  if (cell.isUnderlineColorRGB()) codes.push(`58:2::${rgb(color).join(':')}`);
  else if (cell.isUnderlineColorPalette()) codes.push(`58:5:${color}`);
  return codes;
}

function palette(color: number, dark: number, bright: number, indexed: number): number[] {
  if (color < 8) return [dark + color];
  return color < 16 ? [bright + color - 8] : [indexed, 5, color];
}

const rgb = (color: number) => [(color >>> 16) & 255, (color >>> 8) & 255, color & 255];
