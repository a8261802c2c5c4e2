'use client';
/** Above a phone's keyboard: the keys it lacks. Ctrl and Alt stick to the next character. */
import type { PointerEvent } from 'react';
import { classNames } from '../ui/class-names.ts';
import { BAR_KEYS, type BarKey, barKey, type Modifier } from './key-bytes.ts';
import type { TerminalHandle } from './use-terminal.ts';

const NAMES: Partial<Record<BarKey, string>> = { '←': 'Left', '↑': 'Up', '→': 'Right', '↓': 'Down' };
const MODIFIERS: readonly { modifier: Modifier; label: string }[] = [
  { modifier: 'ctrl', label: 'Ctrl' },
  { modifier: 'alt', label: 'Alt' },
];
const look = 'min-h-11 min-w-11 shrink-0 rounded-ctl border px-2.5 font-mono text-15';
/** The terminal keeps the focus, and with it the keyboard on the screen. */
const keepFocus = (event: PointerEvent) => event.preventDefault();

export function KeyBar({ terminal }: { terminal: TerminalHandle }) {
  const { modifier, setModifier, type, screen } = terminal;
  return (
    <div
      role="toolbar"
      aria-label="Keys"
      data-keeps-typing=""
      className="hidden gap-1.5 overflow-x-auto border-t border-line bg-surface px-2 py-1.5 touch:flex"
    >
      {MODIFIERS.map((one) => (
        <button
          key={one.modifier}
          type="button"
          aria-pressed={modifier === one.modifier}
          onPointerDown={keepFocus}
          onClick={() => setModifier(modifier === one.modifier ? undefined : one.modifier)}
          className={classNames(
            look,
            modifier === one.modifier ? 'border-accent bg-accent text-on-accent' : 'border-line-strong',
          )}
        >
          {one.label}
        </button>
      ))}
      {BAR_KEYS.map((key) => (
        <button
          key={key}
          type="button"
          aria-label={NAMES[key]}
          onPointerDown={keepFocus}
          onClick={() => type(barKey(key, screen.current?.terminal.modes.applicationCursorKeysMode ?? false))}
          className={classNames(look, 'border-line-strong')}
        >
          {key}
        </button>
      ))}
    </div>
  );
}
