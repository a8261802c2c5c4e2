import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { leafOfText, MerkleTree, provesConsistency, provesInclusion } from './merkle.ts';
import { nodeCrypto } from './node/crypto.ts';

const { sha256 } = nodeCrypto;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const leaves = Array.from({ length: 70 }, (_, at) => leafOfText(sha256, `entry ${at}`));
const tree = new MerkleTree(sha256, leaves);

/** RFC 6962, 2.1, word for word. */
function rootByDefinition(of: Uint8Array[]): Uint8Array {
  if (of.length === 0) return sha256(utf8(''));
  if (of.length === 1) return of[0] as Uint8Array;
  const split = 2 ** Math.floor(Math.log2(of.length - 1));
  return sha256(Buffer.concat([Uint8Array.of(1), rootByDefinition(of.slice(0, split)), rootByDefinition(of.slice(split))]));
}

describe('the Merkle tree of the ledger', () => {
  it('has the roots of the reference trees', () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const reference = new MerkleTree(
      sha256,
      inputs.map((input) => sha256(Buffer.from(`00${input}`, 'hex'))),
    );
    expect(hex(reference.root(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(reference.root(1))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(hex(reference.root(8))).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('has the root of the definition at every size', () => {
    for (let size = 0; size <= leaves.length; size++)
      expect(hex(tree.root(size))).toBe(hex(rootByDefinition(leaves.slice(0, size))));
  });

  it('proves every entry at every size, and no other leaf, place, size or root', () => {
    for (let size = 1; size <= leaves.length; size++) {
      for (let index = 0; index < size; index++) {
        const claim = {
          index,
          size,
          leaf: leaves[index] as Uint8Array,
          root: tree.root(size),
          proof: tree.inclusion(index, size),
        };
        expect(provesInclusion(sha256, claim)).toBe(true);
        const other = leafOfText(sha256, 'another entry');
        expect(provesInclusion(sha256, { ...claim, leaf: other })).toBe(false);
        expect(provesInclusion(sha256, { ...claim, index: size })).toBe(false);
        expect(provesInclusion(sha256, { ...claim, proof: [...claim.proof, other] })).toBe(false);
        if (size > 1) expect(provesInclusion(sha256, { ...claim, index: (index + 1) % size })).toBe(false);
        if (size > 1) expect(provesInclusion(sha256, { ...claim, proof: claim.proof.slice(1) })).toBe(false);
      }
    }
  });

  it('proves that every size is the beginning of every later one, and of nothing else', () => {
    for (let size = 1; size <= leaves.length; size++) {
      for (let from = 1; from <= size; from++) {
        const claim = { from, size, oldRoot: tree.root(from), root: tree.root(size), proof: tree.consistency(from, size) };
        expect(provesConsistency(sha256, claim)).toBe(true);
        const other = leafOfText(sha256, 'another entry');
        expect(provesConsistency(sha256, { ...claim, oldRoot: other })).toBe(false);
        expect(provesConsistency(sha256, { ...claim, root: other })).toBe(false);
        expect(provesConsistency(sha256, { ...claim, proof: [...claim.proof, other] })).toBe(false);
        if (claim.proof.length > 0) expect(provesConsistency(sha256, { ...claim, proof: claim.proof.slice(1) })).toBe(false);
      }
    }
  });

  it('never takes a smaller ledger for the continuation of a larger one', () => {
    const claim = { from: 20, size: 10, oldRoot: tree.root(20), root: tree.root(10), proof: [] };
    expect(provesConsistency(sha256, claim)).toBe(false);
  });
});
