/** Counts and lists of devices as people say them. Pure. */
import { displayName } from '#contracts/device.ts';
import { listNames, plural } from '../ui/words.ts';

export const devices = (count: number): string => plural(count, 'device');

/** `Alice, Aria and Octavia`, `Alice, Aria and 10 more`. */
export const names = (list: readonly string[]): string => listNames(list.map(displayName));
