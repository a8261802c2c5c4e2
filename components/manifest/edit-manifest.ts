/**
 * Changes a manifest's text the way a careful person would: the value at a path becomes another one, and comments,
 * order, style and unknown keys of everything else stay. Every result is read back and compared before it is returned.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { mergeEdit } from './line-diff.ts';
import { find, keyText, type Path } from './locate.ts';
import { parseText } from './read-manifest.ts';
import { isEmptyCollection, readsAsNumber, styleOf, toNode } from './yaml-style.ts';

/** Sets the value at `path`; groups on the way are made. A scalar that is already there changes in its place. */
export function setIn(text: string, path: Path, value: unknown): string {
  if (value === undefined) return deleteIn(text, path);
  return spliceScalar(text, path, value) ?? edit(text, (document) => setNode(document, path, value));
}

/** Removes what is at `path`, and lists or groups that become empty by it. */
export function deleteIn(text: string, path: Path): string {
  return edit(text, (document) => deleteNode(document, path));
}

export function renameKey(text: string, path: Path, name: string): string {
  return edit(text, (document) => {
    const pair = pairAt(document, path);
    if (pair && isScalar(pair.key)) pair.key.value = name;
  });
}

/** Puts an item into the list at `path`, at its end. */
export function appendTo(text: string, path: Path, value: unknown): string {
  return edit(text, (document) => {
    const list = ownContainer(document, path);
    if (isSeq(list)) list.add(toNode(document, value));
    else setNode(document, path, [value]);
  });
}

export function moveItem(text: string, path: Path, from: number, to: number): string {
  return edit(text, (document) => {
    const list = ownContainer(document, path);
    if (!isSeq(list) || to < 0 || to >= list.items.length) return;
    // A comment above the first item hangs on the list itself: it belongs to that item and moves with it.
    const first = list.items[0] as { commentBefore?: string | null } | undefined;
    if (list.commentBefore && first) {
      first.commentBefore = [list.commentBefore, first.commentBefore].filter(Boolean).join('\n');
      list.commentBefore = undefined;
    }
    const [item] = list.items.splice(from, 1);
    if (item !== undefined) list.items.splice(to, 0, item);
  });
}

/** Several edits as one: each is a function from text to text. */
export const chain = (text: string, ...edits: ((text: string) => string)[]): string =>
  edits.reduce((now, next) => next(now), text);

function edit(text: string, mutate: (document: Document) => void): string {
  const { document } = parseText(text);
  if (document.errors.length > 0) return text;
  const style = styleOf(text);
  const base = document.toString(style);
  mutate(document);
  const edited = document.toString(style);
  const merged = mergeEdit(base, text, edited);
  return saysTheSame(merged, edited) ? merged : edited;
}

function saysTheSame(text: string, expected: string): boolean {
  const { document } = parseText(text);
  return document.errors.length === 0 && JSON.stringify(document.toJS()) === JSON.stringify(parseText(expected).document.toJS());
}

/** Replaces one plain or quoted scalar between its own two offsets; undefined where that cannot be done safely. */
function spliceScalar(text: string, path: Path, value: unknown): string | undefined {
  if (typeof value === 'object') return undefined;
  const { document } = parseText(text);
  const node = find(document, path)?.value;
  if (document.errors.length > 0 || !isScalar(node) || !node.range || passesAlias(document, path)) return undefined;
  if (node.type !== Scalar.PLAIN && node.type !== Scalar.QUOTE_DOUBLE && node.type !== Scalar.QUOTE_SINGLE) return undefined;
  if (node.range[0] === node.range[1]) return undefined;
  const spliced = text.slice(0, node.range[0]) + scalarSource(value, styleToKeep(node, value)) + text.slice(node.range[1]);
  const before = document.toJS();
  const after = parseText(spliced).document;
  node.value = value;
  const same = after.errors.length === 0 && JSON.stringify(after.toJS()) === JSON.stringify(document.toJS());
  return same && before !== undefined ? spliced : undefined;
}

/** The author's quotes stay, unless the old text had to have them and the new one does not. */
function styleToKeep(node: Scalar, value: unknown): Scalar.Type {
  if (typeof value !== 'string') return Scalar.PLAIN;
  if (readsAsNumber(value)) return node.type === Scalar.QUOTE_SINGLE ? Scalar.QUOTE_SINGLE : Scalar.QUOTE_DOUBLE;
  const neededQuotes =
    typeof node.value === 'string' && !readsAsNumber(node.value) && scalarSource(node.value, Scalar.PLAIN) !== node.value;
  return neededQuotes ? Scalar.PLAIN : (node.type as Scalar.Type);
}

/** As it may stand anywhere, also between brackets. */
function scalarSource(value: unknown, type: Scalar.Type): string {
  const scalar = new Scalar(value);
  scalar.type = type;
  const { document } = parseText('');
  document.contents = document.createNode([scalar], { flow: true }) as never;
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trim().slice(1, -1);
}

function passesAlias(document: Document, path: Path): boolean {
  return path.some((_, index) => isAlias(find(document, path.slice(0, index + 1))?.value));
}

function setNode(document: Document, path: Path, value: unknown): void {
  const last = path.at(-1);
  if (last === undefined) {
    document.contents = toNode(document, value) as never;
    return;
  }
  const container = ownContainer(document, path.slice(0, -1), typeof last === 'number' ? [] : {});
  const node = toNode(document, value);
  if (isSeq(container) && typeof last === 'number') container.items[last] = keepComments(container.items[last], node);
  else if (isMap(container)) {
    const pair = (container.items as Pair[]).find((one) => keyText(one.key) === String(last));
    if (pair) pair.value = keepComments(pair.value, node);
    else container.add(document.createPair(last, node));
  }
}

function keepComments(old: unknown, node: unknown): unknown {
  const from = old as { comment?: string | null; commentBefore?: string | null; spaceBefore?: boolean; flow?: boolean } | null;
  const to = node as typeof from;
  if (!from || !to || typeof from !== 'object') return node;
  to.comment = from.comment;
  to.commentBefore = from.commentBefore;
  to.spaceBefore = from.spaceBefore;
  if (from.flow !== undefined && !isScalar(old) && !isScalar(node)) to.flow = from.flow;
  return node;
}

function deleteNode(document: Document, path: Path): void {
  const last = path.at(-1);
  if (last === undefined || find(document, path) === undefined) return;
  const container = ownContainer(document, path.slice(0, -1));
  if (isSeq(container)) container.items.splice(Number(last), 1);
  else if (isMap(container)) {
    const at = (container.items as Pair[]).findIndex((one) => keyText(one.key) === String(last));
    if (at >= 0) container.items.splice(at, 1);
  }
  // A service list or the document itself stays, even when it is empty.
  if (isEmptyCollection(container) && path.length > 2 && last !== undefined && path.at(-2) !== 'services')
    deleteNode(document, path.slice(0, -1));
}

function pairAt(document: Document, path: Path): Pair | undefined {
  const container = ownContainer(document, path.slice(0, -1));
  if (!isMap(container)) return undefined;
  return (container.items as Pair[]).find((one) => keyText(one.key) === String(path.at(-1)));
}

/**
 * The map or list at `path`, to write into. An alias on the way becomes a copy first, so that an edit here does not
 * change another place; with `make`, missing groups are created.
 */
function ownContainer(document: Document, path: Path, make?: object): YAMLMap | YAMLSeq | undefined {
  let holder: { get: () => unknown; set: (node: unknown) => void } = {
    get: () => document.contents,
    set: (node) => {
      document.contents = node as never;
    },
  };
  for (let depth = 0; ; depth++) {
    let node = holder.get();
    if (isAlias(node)) {
      const copy = node.resolve(document)?.clone() as { anchor?: string } | undefined;
      if (copy) delete copy.anchor;
      holder.set(copy);
      node = copy;
    }
    if (!isMap(node) && !isSeq(node) && make) {
      node = document.createNode(depth === path.length ? make : typeof path[depth] === 'number' ? [] : {});
      holder.set(node);
    }
    if (depth === path.length) return isMap(node) || isSeq(node) ? node : undefined;
    const step = path[depth]!;
    if (isSeq(node)) {
      const items = node.items as unknown[];
      holder = { get: () => items[Number(step)], set: (value) => items.splice(Number(step), 1, value) };
    } else if (isMap(node)) {
      const map = node;
      const pair = () => (map.items as Pair[]).find((one) => keyText(one.key) === String(step));
      holder = {
        get: () => pair()?.value,
        set: (value) => {
          const here = pair();
          if (here) here.value = value;
          else map.add(document.createPair(step, value));
        },
      };
    } else return undefined;
  }
}
