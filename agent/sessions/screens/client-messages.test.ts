import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientMessages, RfbViolation } from './client-messages.ts';

const handshake = Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(1, 0)]);
const request = Buffer.of(3, 0, 0, 0, 0, 0, 2, 128, 1, 224);
const keyDown = Buffer.of(4, 1, 0, 0, 0, 0, 0, 65);
const keyUp = Buffer.of(4, 0, 0, 0, 0, 0, 0, 65);
const pointer = Buffer.of(5, 1, 0, 10, 0, 20);
const cutText = Buffer.concat([Buffer.of(6, 0, 0, 0, 0, 0, 0, 3), Buffer.from('abc')]);
const extendedCutText = Buffer.concat([Buffer.of(6, 0, 0, 0, 255, 255, 255, 252), Buffer.alloc(4)]);
const qemuDown = Buffer.of(255, 0, 0, 1, 0, 0, 0, 65, 0, 0, 0, 30);
const desktopSize = Buffer.concat([Buffer.of(251, 0, 4, 0, 3, 0, 1, 0), Buffer.alloc(16)]);
const fence = Buffer.concat([Buffer.of(248, 0, 0, 0, 0, 0, 0, 1, 2), Buffer.from('xy')]);
const continuous = Buffer.of(150, 1, 0, 0, 0, 0, 2, 128, 1, 224);
const pixelFormat = Buffer.alloc(20);
const reboot = Buffer.of(250, 0, 1, 3);
const encodings = (...all: number[]) => {
  const bytes = Buffer.alloc(4 + 4 * all.length);
  bytes[0] = 2;
  bytes.writeUInt16BE(all.length, 2);
  for (const [index, one] of all.entries()) bytes.writeInt32BE(one, 4 + 4 * index);
  return bytes;
};

const driving = [keyDown, keyUp, pointer, cutText, extendedCutText, qemuDown, desktopSize, reboot];
const watching = [request, fence, continuous, pixelFormat, encodings(0, 1, 7, -239)];

function started(): ClientMessages {
  const messages = new ClientMessages();
  messages.push(handshake, false);
  return messages;
}

describe('what a viewer says to a desktop', () => {
  it('begins with a handshake that is always shared', () => {
    const passed = new ClientMessages().push(handshake, false);
    expect(Buffer.from(passed)).toEqual(Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(1, 1)]));
  });

  it('may carry the answer to a password', () => {
    const answer = Buffer.alloc(16, 7);
    const said = Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(2), answer, Buffer.of(0), request]);
    const passed = new ClientMessages().push(said, false);
    expect(Buffer.from(passed)).toEqual(Buffer.concat([said.subarray(0, 29), Buffer.of(1), request]));
  });

  it.each(watching.map((message) => [message[0], message] as const))('passes %i of a watcher', (_type, message) => {
    expect(Buffer.from(started().push(message, false))).toEqual(message);
  });

  it.each(driving.map((message) => [message[0], message] as const))(
    'drops %i of a watcher, passes it of who drives',
    (_type, message) => {
      expect(started().push(message, false)).toHaveLength(0);
      expect(Buffer.from(started().push(message, true))).toEqual(message);
    },
  );

  it('keeps the borders of messages, however they are cut', () => {
    const all = [...watching, ...driving];
    fc.assert(
      fc.property(
        fc.array(fc.nat(all.length - 1), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 40 })),
        (picks, cuts) => {
          const said = Buffer.concat(picks.map((pick) => all[pick]!));
          const messages = started();
          const passed: Uint8Array[] = [];
          let at = 0;
          for (const length of [...cuts, said.length]) {
            passed.push(messages.push(said.subarray(at, at + length), false));
            at += length;
          }
          const harmless = picks.map((pick) => all[pick]!).filter((message) => watching.includes(message));
          expect(Buffer.concat(passed)).toEqual(Buffer.concat(harmless));
        },
      ),
    );
  });

  it('never agrees on longer pointer events, whose border could not be told', () => {
    expect(Buffer.from(started().push(encodings(0, -316, 1), false))).toEqual(encodings(0, 1));
    expect(() => started().push(Buffer.of(5, 0x80, 0, 0, 0, 0), true)).toThrow(RfbViolation);
  });

  it('does not let one half of a message come with control and the other without', () => {
    const messages = started();
    messages.push(keyDown.subarray(0, 4), true);
    expect(() => messages.push(keyDown.subarray(4), false)).toThrow(RfbViolation);
  });

  it.each<[string, Buffer]>([
    ['an unknown message', Buffer.of(77)],
    ['an endless clipboard', Buffer.of(6, 0, 0, 0, 127, 255, 255, 255)],
    ['thousands of encodings', Buffer.of(2, 0, 255, 255)],
    ['a long fence', Buffer.of(248, 0, 0, 0, 0, 0, 0, 0, 65)],
    ['audio', Buffer.of(255, 1, 0, 0)],
  ])('ends with %s', (_what, message) => expect(() => started().push(message, true)).toThrow(RfbViolation));

  it.each(['RFB 003.003\n', 'RFB 004.001\n', 'GET / HTTP/1'])('ends with the version %j', (version) => {
    expect(() => new ClientMessages().push(Buffer.from(version), false)).toThrow(RfbViolation);
  });

  it('lets go of what is held down', () => {
    const messages = started();
    messages.push(Buffer.concat([keyDown, qemuDown, pointer]), true);
    expect(Buffer.from(messages.releaseAll())).toEqual(
      Buffer.concat([keyUp, Buffer.of(255, 0, 0, 0, 0, 0, 0, 65, 0, 0, 0, 30), Buffer.of(5, 0, 0, 10, 0, 20)]),
    );
    expect(messages.releaseAll()).toHaveLength(0);
    messages.push(Buffer.concat([keyDown, keyUp]), true);
    expect(messages.releaseAll()).toHaveLength(0);
  });

  it('repeats the last request for a picture as one for what changed', () => {
    const messages = started();
    expect(messages.repeatRequest()).toBeUndefined();
    messages.push(request, false);
    expect(Buffer.from(messages.repeatRequest()!)).toEqual(Buffer.of(3, 1, ...request.subarray(2)));
  });
});
