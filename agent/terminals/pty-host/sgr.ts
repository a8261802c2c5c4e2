/** The look of a cell as the escape sequence that brings it about from any other. Pure. */
import type { InnerCell } from './xterm.ts';

export const PLAIN = '\x1b[0m';

export function sgrOf(cell: InnerCell): string {
  const codes: (number | string)[] = [0];
  if (cell.isBold()) codes.push(1);
  if (cell.isDim()) codes.push(2);
  if (cell.isItalic()) codes.push(3);
  if (cell.isUnderline()) codes.push(underlineStyle(cell));
  if (cell.isBlink()) codes.push(5);
  if (cell.isInverse()) codes.push(7);
  if (cell.isInvisible()) codes.push(8);
  if (cell.isStrikethrough()) codes.push(9);
  if (cell.isOverline()) codes.push(53);
  if (cell.isFgRGB()) codes.push(38, 2, ...rgb(cell.getFgColor()));
  else if (cell.isFgPalette()) codes.push(...palette(cell.getFgColor(), 30, 90, 38));
  codes.push(...background(cell), ...underlineColor(cell));
  return `\x1b[${codes.join(';')}m${cell.isProtected() ? '\x1b[1"q' : ''}`;
}

const COLOR_MODE = 0x3000000;
const COLOR_RGB = 0x3000000;

/** What is printed next looks so: also the colour of lines under it, which is kept while nothing is underlined. */
export function penOf(attributes: InnerCell): string {
  const color = attributes.extended.underlineColor;
  const mode = color & COLOR_MODE;
  if (attributes.hasExtendedAttrs() || mode === 0) return sgrOf(attributes);
  const kept = mode === COLOR_RGB ? `58:2::${rgb(color).join(':')}` : `58:5:${color & 255}`;
  return `${sgrOf(attributes)}\x1b[${kept}m`;
}

/** Erased cells take over nothing but the background. */
export const backgroundOf = (cell: InnerCell): string => `\x1b[${[0, ...background(cell)].join(';')}m`;

function background(cell: InnerCell): number[] {
  if (cell.isBgRGB()) return [48, 2, ...rgb(cell.getBgColor())];
  return cell.isBgPalette() ? palette(cell.getBgColor(), 40, 100, 48) : [];
}

function underlineStyle(cell: InnerCell): number | string {
  const style = cell.hasExtendedAttrs() ? cell.getUnderlineStyle() : 1;
  return style > 1 ? `4:${style}` : 4;
}

function underlineColor(cell: InnerCell): string[] {
  if (!cell.hasExtendedAttrs() || cell.isUnderlineColorDefault()) return [];
  const color = cell.getUnderlineColor();
  if (cell.isUnderlineColorRGB()) return [`58:2::${rgb(color).join(':')}`];
  return cell.isUnderlineColorPalette() ? [`58:5:${color}`] : [];
}

function palette(color: number, dark: number, bright: number, indexed: number): number[] {
  if (color < 8) return [dark + color];
  return color < 16 ? [bright + color - 8] : [indexed, 5, color];
}

const rgb = (color: number) => [(color >>> 16) & 255, (color >>> 8) & 255, color & 255];
