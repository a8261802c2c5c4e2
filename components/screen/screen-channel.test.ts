import { expect, test } from 'vitest';
import { CTL_RFB } from '#contracts/stream/screen.ts';
import { ScreenChannel } from './screen-channel.ts';

function channel() {
  const sent: [string, number[]][] = [];
  const state = { driving: false };
  const one = new ScreenChannel({
    publish: (where, bytes) => sent.push([where, [...bytes]]),
    isDriving: () => state.driving,
  });
  return { one, sent, state };
}

test('who watches sends behind a mark on the channel of control, who drives sends everything as it is', () => {
  const { one, sent, state } = channel();
  const buffer = new Uint8Array([3, 0, 0]);
  one.send(buffer);
  state.driving = true;
  one.send(buffer);
  buffer.fill(9);
  expect(sent).toEqual([
    ['ctl', [CTL_RFB, 3, 0, 0]],
    ['in', [3, 0, 0]],
  ]);
  one.close();
  one.send(buffer);
  expect(sent).toHaveLength(2);
});

test('bytes that come before noVNC wait, keep their order, and count as consumed when they were taken', async () => {
  const { one } = channel();
  const seen: string[] = [];
  const give = (name: number) => one.receive(new Uint8Array([name]), () => seen.push(`consumed ${name}`));
  give(1);
  give(2);
  expect(seen).toEqual([]);
  one.onmessage = ({ data }) => seen.push(`taken ${data[0]}`);
  await Promise.resolve();
  give(3);
  expect(seen).toEqual(['taken 1', 'consumed 1', 'taken 2', 'consumed 2', 'taken 3', 'consumed 3']);
});
