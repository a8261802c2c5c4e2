import { describe, expect, it } from 'vitest';
import { levelOf, plainText } from './log-line.ts';

describe('a log line on a tile', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['a\tb\r', 'a  b'],
    ['\u202eevil', 'evil'],
    ['\u0000\u0008\u009b31mx', 'x'],
    ['größe 12 €', 'größe 12 €'],
  ])('%j is %j', (line, text) => expect(plainText(line)).toBe(text));

  it.each([
    ['2026-11-21T13:00:00Z ERROR model file not found', 'error'],
    ['ts=1 level=warn msg="slow"', 'warning'],
    ['[DEBUG] frame 8812', 'quiet'],
    ['14:03:19 frame 8812 person', 'plain'],
    [`${'x'.repeat(60)} error`, 'plain'],
    ['terrorist', 'plain'],
  ])('%j is %s', (text, level) => expect(levelOf(text)).toBe(level));
});
