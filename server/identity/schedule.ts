/** When a device is due for its next key: once in `rotateMs`, a fifth earlier or later, so that a fleet is not due at once. Pure. */
import { fromBase64url } from '#roadchain/bytes.ts';
import { readSeal } from '#roadchain/chain.ts';
import { type DeviceView, headPoint } from '#roadchain/device-view.ts';

const SPREAD = 0.4;

/** The same each time it is asked about the same head. */
export function dueMs(view: DeviceView, rotateMs: number): number {
  const [first = 0, second = 0] = fromBase64url(headPoint(view).head);
  const part = (first * 256 + second) / 65_536;
  return Date.parse(readSeal(view.headLink.seal).at) + rotateMs * (1 - SPREAD / 2 + SPREAD * part);
}
