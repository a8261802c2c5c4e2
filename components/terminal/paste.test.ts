import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needsPreview, pasteBytes, visible } from './paste.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('a paste', () => {
  it.each(['ls -l', 'tab\there', 'größe'])('of one plain line goes at once: %j', (pasted) =>
    expect(needsPreview(pasted)).toBe(false),
  );
  it.each(['ls\n', 'a\nb', 'a\rb', 'x\u001b[A', 'x\u0003', 'x\u007f', 'x\u009b201~'])('is shown first: %j', (pasted) =>
    expect(needsPreview(pasted)).toBe(true),
  );

  it('sends line breaks as the Enter key does', () => expect(text(pasteBytes('a\r\nb\nc', false))).toBe('a\rb\rc'));

  it('cannot end its own brackets', () => {
    expect(text(pasteBytes('a\u001b[201~rm -rf /\n', true))).toBe('\u001b[200~arm -rf /\r\u001b[201~');
    expect(text(pasteBytes('\u001b[20\u001b[201~1~x\u009b201~', true))).toBe('\u001b[200~x\u001b[201~');
  });

  it('cannot, however it is put together', () => {
    const piece = fc.constantFrom('\u001b', '[', '2', '0', '1', '~', '\u001b[201~', '\u009b', 'x');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const sent = text(pasteBytes(pieces.join(''), true));
        expect(sent.indexOf('\u001b[201~')).toBe(sent.length - 6);
        expect(sent).not.toContain('\u009b201~');
      }),
    );
  });

  it('shows what cannot be seen', () => expect(visible('a\u001b[A\u0003\r\n\u007f\u009b')).toBe('a<ESC>[A<ETX>\n<DEL><9b>'));
});
