/** What a refusal says to whoever reads the log of the device. */
import type { Refusal } from '#roadchain/decide.ts';

export const REFUSAL_WORDS: Record<Refusal, string> = {
  unknown:
    'The hub does not know this key. The device keeps running what it has. Was it removed? Then join it again with a new line.',
  stale:
    'This key was replaced by a newer one: there is a second copy of this device, or its disk was put back. It keeps running what it has. Resolve it on the page of the device.',
  contested:
    'The hub heard two devices with one identity. Both keep running what they have. Say on the page of the device which one is right.',
  'kept-out': 'This device is kept out of the fleet. It keeps running what it has. Whoever manages the fleet can take it back.',
  'bad-proof': 'The proof does not fit what was asked. Nothing has changed. The device asks again.',
  busy: 'The hub is asked too much at this moment. Nothing has changed. The device asks again shortly.',
  absent:
    'The device was away for longer than this fleet allows. It keeps running what it has. Confirm it on the page of the device.',
  token: 'This join token is not good for this. Nothing has changed. Make a new line on the wall.',
  malformed: 'The request cannot be read. Nothing has changed. Update the agent of this device.',
};
