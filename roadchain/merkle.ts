/** The Merkle tree over the ledger (RFC 6962): what lets anybody see that an entry is in it, and that nothing was taken out. */
import { concat, equal, utf8 } from './bytes.ts';
import { type Canonical, encode } from './canonical.ts';
import type { LedgerEntry } from './link.ts';

type Sha256 = (bytes: Uint8Array) => Uint8Array;
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Leaf of an entry: over its canonical text. */
export const leafOf = (sha256: Sha256, entry: LedgerEntry): Uint8Array => leafOfText(sha256, encode(entry as Canonical));
export const leafOfText = (sha256: Sha256, text: string): Uint8Array => sha256(concat(LEAF, utf8(text)));
const nodeOf = (sha256: Sha256, left: Uint8Array, right: Uint8Array) => sha256(concat(NODE, left, right));

/** The largest power of two smaller than `size`. */
function splitAt(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Grows leaf by leaf. Keeps every full subtree, so that a root or a proof costs a few hashes however long the ledger is. */
export class MerkleTree {
  readonly #sha256: Sha256;
  /** `levels[n]` are the roots of the full subtrees of 2^n leaves, from the left. */
  readonly #levels: Uint8Array[][] = [[]];

  constructor(sha256: Sha256, leaves: readonly Uint8Array[] = []) {
    this.#sha256 = sha256;
    for (const leaf of leaves) this.append(leaf);
  }

  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  append(leaf: Uint8Array): void {
    let node = leaf;
    for (let level = 0; ; level++) {
      const nodes = this.#levels[level] ?? [];
      this.#levels[level] = nodes;
      nodes.push(node);
      if (nodes.length % 2 === 1) return;
      node = nodeOf(this.#sha256, nodes[nodes.length - 2] as Uint8Array, node);
    }
  }

  root(size = this.size): Uint8Array {
    this.#check(size);
    return size === 0 ? this.#sha256(new Uint8Array(0)) : this.#range(0, size);
  }

  /** That the leaf at `index` is in the tree of the first `size` leaves. */
  inclusion(index: number, size = this.size): Uint8Array[] {
    this.#check(size);
    if (index < 0 || index >= size) throw new RangeError(`There is no entry ${index} among ${size}.`);
    const path: Uint8Array[] = [];
    let [from, to] = [0, size];
    while (to - from > 1) {
      const middle = from + splitAt(to - from);
      if (index < middle) {
        path.unshift(this.#range(middle, to));
        to = middle;
      } else {
        path.unshift(this.#range(from, middle));
        from = middle;
      }
    }
    return path;
  }

  /** That the tree of the first `from` leaves is the beginning of the one of the first `size`. Empty where `from` is 0 or `size`. */
  consistency(from: number, size = this.size): Uint8Array[] {
    this.#check(size);
    this.#check(from);
    return from === 0 || from >= size ? [] : this.#subproof(from, 0, size, true);
  }

  #subproof(old: number, from: number, to: number, whole: boolean): Uint8Array[] {
    const size = to - from;
    if (old === size) return whole ? [] : [this.#range(from, to)];
    const split = splitAt(size);
    return old <= split
      ? [...this.#subproof(old, from, from + split, whole), this.#range(from + split, to)]
      : [...this.#subproof(old - split, from + split, to, false), this.#range(from, from + split)];
  }

  #range(from: number, to: number): Uint8Array {
    const size = to - from;
    const level = Math.log2(size);
    if (Number.isInteger(level) && from % size === 0) return this.#levels[level]?.[from / size] as Uint8Array;
    const middle = from + splitAt(size);
    return nodeOf(this.#sha256, this.#range(from, middle), this.#range(middle, to));
  }

  #check(size: number): void {
    if (!Number.isInteger(size) || size < 0 || size > this.size)
      throw new RangeError(`The ledger has ${this.size} entries; there is no state of it with ${size}.`);
  }
}

export interface InclusionClaim {
  index: number;
  size: number;
  leaf: Uint8Array;
  root: Uint8Array;
  proof: readonly Uint8Array[];
}
/** RFC 9162, 2.1.3.2. */
export function provesInclusion(sha256: Sha256, { index, size, leaf, root, proof }: InclusionClaim): boolean {
  if (!Number.isInteger(index) || index < 0 || index >= size) return false;
  let [place, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeOf(sha256, sibling, hash);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else hash = nodeOf(sha256, hash, sibling);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(hash, root);
}

export interface ConsistencyClaim {
  from: number;
  size: number;
  oldRoot: Uint8Array;
  root: Uint8Array;
  proof: readonly Uint8Array[];
}
/** RFC 9162, 2.1.4.2. Nothing is a beginning of everything; no tree is the beginning of a smaller one. */
export function provesConsistency(sha256: Sha256, { from, size, oldRoot, root, proof }: ConsistencyClaim): boolean {
  if (from > size || from < 0) return false;
  if (from === 0) return proof.length === 0;
  if (from === size) return proof.length === 0 && equal(oldRoot, root);
  const path = Number.isInteger(Math.log2(from)) ? [oldRoot, ...proof] : [...proof];
  let [place, last] = [from - 1, size - 1];
  while (place % 2 === 1) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  const first = path.shift();
  if (!first) return false;
  let [oldHash, hash] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      oldHash = nodeOf(sha256, sibling, oldHash);
      hash = nodeOf(sha256, sibling, hash);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else hash = nodeOf(sha256, hash, sibling);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(oldHash, oldRoot) && equal(hash, root);
}
