/** Codes of an app: which time step a code belongs to, and recovery codes. Pure but for chance. */
import { randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { digest } from '../secret.ts';

const PERIOD_S = 30;
/** Steps before and after the present one that are taken: clocks of phones are not ours. */
const WINDOW = 1;
const KEY_BYTES = 20;
export const RECOVERY_CODES = 10;
/** No letters that look like others. 10 of 31 are 49 bits, of which a guesser gets one try a minute. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const GROUP = 5;

export const newKey = (): string => new Secret({ size: KEY_BYTES }).base32;

const totpOf = (key: string, more: { issuer?: string; label?: string } = {}) =>
  new TOTP({ ...more, secret: Secret.fromBase32(key), period: PERIOD_S, digits: 6, algorithm: 'SHA1' });

/** `otpauth://totp/Workshop:sam?...` */
export const keyUri = (key: string, wall: string, user: string): string => totpOf(key, { issuer: wall, label: user }).toString();

/** The time step this code is of, if it is one of the three around now. */
export function stepOf(key: string, code: string, nowMs: number): number | undefined {
  const digits = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(digits)) return undefined;
  const delta = totpOf(key).validate({ token: digits, timestamp: nowMs, window: WINDOW });
  return delta === null ? undefined : Math.floor(nowMs / 1000 / PERIOD_S) + delta;
}

export const newRecoveryCodes = (): string[] => Array.from({ length: RECOVERY_CODES }, newRecoveryCode);

function newRecoveryCode(): string {
  const letters = () => Array.from({ length: GROUP }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${letters()}-${letters()}`;
}

/** However it was typed. */
export function recoveryDigest(code: string): string | undefined {
  const letters = code.toLowerCase().replace(/[\s-]/g, '');
  return letters.length === 2 * GROUP ? digest(`recovery ${letters}`) : undefined;
}
