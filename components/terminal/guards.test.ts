import { Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { plainTitle, safeLink, TerminalGuard } from './guards.ts';

const ESC = '\u001b';
const ST = `${ESC}\\`;
/** Everything known to make a terminal say something by itself. */
const HOSTILE: Readonly<Record<string, string>> = {
  'device attributes': `${ESC}[c${ESC}[0c${ESC}[>c${ESC}[>0c${ESC}[=c`,
  'status and cursor': `${ESC}[5n${ESC}[6n${ESC}[?6n${ESC}[?15n${ESC}[?25n${ESC}[?53n`,
  modes: `${ESC}[4$p${ESC}[?1$p${ESC}[?25$p${ESC}[?2004$p${ESC}[?2026$p`,
  settings: `${ESC}P$q"p${ST}${ESC}P$qm${ST}${ESC}P$q r${ST}${ESC}P$qr${ST}${ESC}P$q"q${ST}`,
  capabilities: `${ESC}P+q544e${ST}`,
  colours: `${ESC}]4;0;?${ST}${ESC}]10;?${ST}${ESC}]11;?\u0007${ESC}]12;?${ST}`,
  window: `${ESC}[11t${ESC}[13t${ESC}[14t${ESC}[16t${ESC}[18t${ESC}[19t${ESC}[20t${ESC}[21t`,
  clipboard: `${ESC}]52;c;?${ST}${ESC}]52;c;cm0gLXJmIC8K${ST}`,
  'title, then its report': `${ESC}]2;rm -rf /\n\u0007${ESC}[21t`,
  'answer back and parameters': `\u0005${ESC}[x${ESC}[>q${ESC}[?u${ESC}Z`,
  'eight-bit controls': '\u009bc\u009b6n\u0090$qm\u009c\u009d11;?\u009c',
  'focus and mouse': `${ESC}[?1004h${ESC}[?1000h${ESC}[?1002h${ESC}[?1003h${ESC}[?1006h${ESC}[?9h${ESC}[?2031h`,
  'one cut in the middle': `${ESC}[6${ESC}[${ESC}]52;c;`,
};
const ALL = Object.values(HOSTILE).join('');

function guarded(typing: boolean) {
  const terminal = new Terminal({ cols: 80, rows: 24, allowProposedApi: true, windowOptions: {} });
  const sent: string[] = [];
  const copied: string[] = [];
  const asked: number[] = [];
  const guard = new TerminalGuard(terminal, {
    send: (bytes) => sent.push(new TextDecoder().decode(bytes)),
    copy: (text) => copied.push(text),
    onClipboardAsked: () => asked.push(1),
    nowMs: () => 0,
  });
  guard.typing = typing;
  const write = (text: string | Uint8Array) => new Promise<void>((resolve) => terminal.write(text, resolve));
  return { terminal, guard, sent, copied, asked, write, bytes: () => sent.join('').length };
}

describe('hostile output', () => {
  it('would be answered by a terminal nobody guards', async () => {
    const terminal = new Terminal({ cols: 80, rows: 24, allowProposedApi: true });
    let bytes = 0;
    terminal.onData((data) => {
      bytes += data.length;
    });
    await new Promise<void>((resolve) => terminal.write(ALL, resolve));
    expect(bytes).toBeGreaterThan(100);
  });

  it.each(Object.entries(HOSTILE))('S67 sends not one byte back while watching: %s', async (_, sequences) => {
    const { write, bytes, copied } = guarded(false);
    await write(sequences);
    expect(bytes()).toBe(0);
    expect(copied).toEqual([]);
  });

  it('S67 sends not one byte back while watching, cut anywhere', async () => {
    const { write, bytes } = guarded(false);
    for (const byte of new TextEncoder().encode(ALL)) await write(Uint8Array.of(byte));
    expect(bytes()).toBe(0);
  });

  it('sends not one byte back while watching, whatever is pressed or pasted', async () => {
    const { terminal, write, bytes } = guarded(false);
    await write(`${ESC}[?1004h${ESC}[?1003h`);
    terminal.input('rm -rf /\r', true);
    terminal.input('\u001b[I', false);
    expect(bytes()).toBe(0);
  });

  it('falls silent again when typing stops', async () => {
    const { guard, terminal, write, bytes } = guarded(true);
    await write(`${ESC}[6n`);
    expect(bytes()).toBe(6);
    guard.typing = false;
    await write(ALL);
    terminal.input('x', true);
    expect(bytes()).toBe(6);
  });

  it('gets replies while typing, for shells and editors ask for them', async () => {
    const { write, sent } = guarded(true);
    await write(`${ESC}[6n${ESC}[c`);
    expect(sent).toEqual([`${ESC}[1;1R`, `${ESC}[?1;2c`]);
  });

  it('gets no more than a few hundred bytes a second, however often it asks', async () => {
    const { write, sent, bytes } = guarded(true);
    await write(`${ESC}[6n`.repeat(10_000));
    expect(sent.length).toBe(64);
    expect(bytes()).toBeLessThan(1_000);
    expect(Math.max(...sent.map((one) => one.length))).toBeLessThanOrEqual(64);
  });

  it('does not hold up what a person types', async () => {
    const { terminal, write, sent } = guarded(true);
    await write(`${ESC}[6n`.repeat(1_000));
    sent.length = 0;
    const pasted = 'x'.repeat(5_000);
    terminal.input(pasted, true);
    terminal.input('é', true);
    terminal.input('\u001b[A', true);
    expect(sent).toEqual([pasted, 'é', '\u001b[A']);
  });
});

describe('the clipboard', () => {
  const osc52 = (text: string) => `${ESC}]52;c;${text}${ST}`;

  it('is not written without consent', async () => {
    const { write, copied, asked } = guarded(true);
    await write(osc52(btoa('secret')));
    expect(copied).toEqual([]);
    expect(asked).toEqual([1]);
  });

  it('is written after consent, and only while typing', async () => {
    const { guard, write, copied } = guarded(true);
    await write(osc52(btoa('first')));
    guard.answerClipboard(true);
    await write(osc52(btoa('hello')));
    guard.typing = false;
    await write(osc52(btoa('again')));
    expect(copied).toEqual(['first', 'hello']);
  });

  it('stays as it was after a no, and where nobody answered before typing ended', async () => {
    const { guard, write, copied } = guarded(true);
    await write(osc52(btoa('first')));
    guard.answerClipboard(false);
    await write(osc52(btoa('second')));
    guard.typing = false;
    guard.answerClipboard(true);
    expect(copied).toEqual([]);
  });

  it('is never read, and takes neither nonsense nor much', async () => {
    const { guard, write, copied, bytes } = guarded(true);
    guard.answerClipboard(true);
    await write(osc52('?') + osc52('%%%') + osc52(btoa('x'.repeat(100_000))));
    expect(copied).toEqual([]);
    expect(bytes()).toBe(0);
  });
});

describe('links', () => {
  it.each(['https://example.org/a', 'http://192.168.1.31:8080/'])('lead to the web: %s', (address) => {
    expect(safeLink(address)?.href).toBe(address);
  });
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'vscode://x',
    'https://sam:secret@example.org/',
    'example.org',
    `https://example.org/${'x'.repeat(2_000)}`,
  ])('lead nowhere else: %s', (address) => expect(safeLink(address)).toBeUndefined());
  it('show the name they really go to', () => expect(safeLink('https://pаypal.com/')?.hostname).toBe('xn--pypal-4ve.com'));
});

describe('titles', () => {
  it('are one line of plain text', () => {
    expect(plainTitle(`vim\u001b]0;x\u0007 \u202etxt.exe\n`)).toBe('vim]0;x txt.exe');
    expect(plainTitle('x'.repeat(500)).length).toBe(80);
  });
});
