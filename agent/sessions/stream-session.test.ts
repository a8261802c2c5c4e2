/** Both ends of a log or screen session against each other, over a path that loses, repeats and reorders. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame } from '#contracts/stream/frame.ts';
import { type StreamOutput, StreamReader } from '#contracts/stream/reader.ts';
import { StreamControl } from '#contracts/stream/session.ts';
import { StreamSender } from './stream-sender.ts';

const WINDOW = 4_096;
const TOTAL = 20_000;
/** What happens to each message, in both directions, until the path is mended. */
const fate = fc.constantFrom('arrives', 'arrives', 'arrives', 'lost', 'twice', 'late');

test('nothing is lost and nothing comes twice, and never more than the window is under way', () => {
  fc.assert(
    fc.property(
      fc.array(fate, { minLength: 1, maxLength: 200 }),
      fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }),
      (fates, sizes) => {
        const outputs: StreamOutput[] = [];
        const path: (() => void)[] = [];
        let sent = 0;
        let messages = 0;
        let nowMs = 0;
        const send = (deliver: () => void) => {
          const what = fates[messages++] ?? 'arrives';
          if (what === 'late') path.push(deliver);
          else if (what !== 'lost') path.unshift(deliver);
          if (what === 'twice') path.unshift(deliver);
        };
        const reader = new StreamReader(nowMs);
        const sender = new StreamSender({
          windowBytes: WINDOW,
          publish: (message) => {
            const bytes = message.slice();
            send(() => outputs.push(...reader.receive(decodeFrame(bytes)!, nowMs)));
            return true;
          },
          onRoom: () => undefined,
          onClose: () => undefined,
        });
        for (let turn = 0; !reader.closed && turn < 5_000; turn++) {
          nowMs += 50;
          for (let size = sizes[turn % sizes.length]!; sent < TOTAL && sender.room > 0; ) {
            size = Math.min(size, sender.room, TOTAL - sent);
            sender.send(Uint8Array.from({ length: size }, (_, index) => (sent + index) % 251));
            sent += size;
          }
          const seen = outputs.reduce((sum, each) => sum + (each.kind === 'data' ? each.bytes.length : 0), 0);
          // A `resume` opens a window from its own offset, while what was sent before may still be on its way.
          expect(sent - seen).toBeLessThanOrEqual(2 * WINDOW);
          if (seen === TOTAL) sender.close({ reason: 'ended', message: 'Done.' });
          for (let count = path.length; count > 0; count--) path.pop()!();
          reader.consumed(reader.position);
          const control = reader.say(nowMs);
          const said = control && JSON.stringify(control);
          if (said) send(() => sender.hear(StreamControl.parse(JSON.parse(said))));
          // Its last words may be lost too; the device then says `gone`, of which the test of the sessions tells.
          if (sender.closed && path.length === 0) break;
        }
        const bytes = outputs.flatMap((each) => (each.kind === 'data' ? [...each.bytes] : []));
        expect(bytes).toEqual(Array.from({ length: TOTAL }, (_, index) => index % 251));
        sender.close({ reason: 'closed', message: '' });
      },
    ),
    { numRuns: 25 },
  );
});
