import { describe, expect, it } from 'vitest';
import { type PressedKey, pageKey } from './keys.ts';

function press(keys: string, more: Partial<PressedKey> = {}): PressedKey {
  const parts = keys.split('+');
  const key = parts.at(-1)!;
  return {
    key,
    code: key === '`' ? 'Backquote' : `Key${key.toUpperCase()}`,
    ctrlKey: parts.includes('Ctrl'),
    altKey: parts.includes('Alt'),
    shiftKey: parts.includes('Shift'),
    metaKey: parts.includes('Meta'),
    altGraph: false,
    ...more,
  };
}
const linux = { selection: false, mac: false };
const mac = { selection: false, mac: true };

describe('while typing to a device, the page keeps', () => {
  it.each([
    [press('Ctrl+`'), linux, 'leave'],
    [press('Ctrl+^', { code: 'Backquote' }), linux, 'leave'],
    [press('Ctrl+Alt+Shift'), linux, 'leave'],
    [press('Ctrl+c'), { ...linux, selection: true }, 'copy'],
    [press('Meta+c'), { ...mac, selection: true }, 'copy'],
    [press('Ctrl+v'), linux, 'paste'],
    [press('Ctrl+Shift+V'), linux, 'paste'],
    [press('Meta+v'), mac, 'paste'],
    [press('Ctrl+Shift+F'), linux, 'find'],
  ] as const)('%j on %j: %s', (event, where, what) => expect(pageKey(event, where)).toBe(what));
});

describe('the device gets', () => {
  it.each([
    ['Esc', press('Escape')],
    ['a lone Ctrl+C', press('Ctrl+c')],
    ['Ctrl+K', press('Ctrl+k')],
    ['Tab', press('Tab')],
    ['t', press('t')],
    ['AltGr with Shift', press('Ctrl+Alt+Shift', { altGraph: true })],
  ] as const)('%s', (_, event) => expect(pageKey(event, linux)).toBeUndefined());
  it('Ctrl+C and Ctrl+V of a Mac, which has other keys for them', () => {
    expect(pageKey(press('Ctrl+c'), { selection: true, mac: true })).toBeUndefined();
    expect(pageKey(press('Ctrl+v'), mac)).toBeUndefined();
  });
});
