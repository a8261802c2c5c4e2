import { describe, expect, it } from 'vitest';
import { barKey, controlledKey } from './key-bytes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the key bar', () => {
  it('sends what the keys of a keyboard send', () => {
    expect(barKey('Esc', false)).toBe('\u001b');
    expect(barKey('Ctrl+C', false)).toBe('\u0003');
    expect(barKey('|', false)).toBe('|');
  });
  it('sends the arrows in the form the program asked for', () => {
    expect(barKey('↑', false)).toBe('\u001b[A');
    expect(barKey('↑', true)).toBe('\u001bOA');
  });
});

describe('a sticky key', () => {
  it('makes control characters of letters in either case', () => {
    expect(controlledKey(bytes('c'), 'ctrl')).toEqual(bytes('\u0003'));
    expect(controlledKey(bytes('R'), 'ctrl')).toEqual(bytes('\u0012'));
    expect(controlledKey(bytes('['), 'ctrl')).toEqual(bytes('\u001b'));
    expect(controlledKey(bytes(' '), 'ctrl')).toEqual(Uint8Array.of(0));
  });
  it('puts Alt before a character', () => expect(controlledKey(bytes('b'), 'alt')).toEqual(bytes('\u001bb')));
  it('leaves alone what has no such form, and whole words', () => {
    expect(controlledKey(bytes('1'), 'ctrl')).toEqual(bytes('1'));
    expect(controlledKey(bytes('ls'), 'ctrl')).toEqual(bytes('ls'));
    expect(controlledKey(bytes('c'), undefined)).toEqual(bytes('c'));
  });
});
