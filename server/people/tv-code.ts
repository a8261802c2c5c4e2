/** The code a TV shows: six characters that nobody mixes up when typing them on a phone. */
import { randomInt } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 6;

export const newCode = (): string => Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** As people type it: small letters, spaces and dashes, O for 0, I and L for 1. */
export const toCode = (typed: string): string =>
  typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');

export const isCode = (text: string): boolean => /^[0-9A-HJKMNP-TV-Z]{6}$/.test(text);
