/** Finds where a path of the document stands in the text, and which path stands at a place of the text. */
import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';

export type Path = readonly (string | number)[];

export interface Range {
  from: number;
  to: number;
}

export interface Place extends Range {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

interface Found {
  key: Node | undefined;
  value: Node | undefined;
}

/** The pair or item at `path`, through aliases; undefined where the path leads nowhere. */
export function find(document: Document, path: Path): Found | undefined {
  let here: Found = { key: undefined, value: isNode(document.contents) ? document.contents : undefined };
  for (const step of path) {
    const container = isAlias(here.value) ? here.value.resolve(document) : here.value;
    if (isMap(container)) {
      const pair = (container.items as Pair[]).find((one) => keyText(one.key) === String(step));
      if (!pair) return undefined;
      here = { key: isNode(pair.key) ? pair.key : undefined, value: isNode(pair.value) ? pair.value : undefined };
    } else if (isSeq(container) && typeof step === 'number' && step < container.items.length) {
      const item = container.items[step];
      here = { key: undefined, value: isNode(item) ? item : undefined };
    } else return undefined;
  }
  return here;
}

export const keyText = (key: unknown): string => String(isScalar(key) ? key.value : key);

/**
 * The text that stands for `path`: `key: value` of a scalar, the key alone where a block follows. For a path that is
 * absent, the nearest thing around it: that is where it has to be written.
 */
export function rangeOf(document: Document, path: Path, text: string): Range {
  for (let depth = path.length; depth >= 0; depth--) {
    const found = find(document, path.slice(0, depth));
    const start = found?.key?.range?.[0] ?? found?.value?.range?.[0];
    if (start === undefined) continue;
    const value = found?.value?.range;
    const end = value && !text.slice(start, value[1]).includes('\n') ? value[1] : found?.key?.range?.[1];
    return { from: start, to: Math.max(start, end ?? lineEnd(text, start)) };
  }
  return { from: 0, to: lineEnd(text, 0) };
}

/** The deepest path whose text encloses `offset`, for moving between the text and the form. */
export function pathAt(document: Document, offset: number): (string | number)[] {
  const path: (string | number)[] = [];
  let node: unknown = document.contents;
  for (;;) {
    if (isMap(node)) {
      const pair = (node.items as Pair[]).find((one) => encloses(one, offset));
      if (!pair) return path;
      path.push(keyText(pair.key));
      node = pair.value;
    } else if (isSeq(node)) {
      const index = node.items.findIndex((one) => encloses(one, offset));
      if (index < 0) return path;
      path.push(index);
      node = node.items[index];
    } else return path;
  }
}

function encloses(item: unknown, offset: number): boolean {
  if (isPair(item)) {
    const start = isNode(item.key) ? item.key.range?.[0] : undefined;
    const end = (isNode(item.value) ? item.value.range?.[2] : undefined) ?? (isNode(item.key) ? item.key.range?.[2] : undefined);
    return start !== undefined && end !== undefined && start <= offset && offset < end;
  }
  const range = isNode(item) ? item.range : undefined;
  return !!range && range[0] <= offset && offset < range[2];
}

export function placeAt(lines: LineCounter, range: Range): Place {
  const { line, col } = lines.linePos(range.from);
  return { ...range, line: Math.max(1, line), column: Math.max(1, col) };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
