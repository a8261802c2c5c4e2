'use client';
/**
 * KeyBar: above a phone's keyboard, the keys it lacks. What is driven keeps the focus, and with it the keyboard on the screen.
 *   <KeyBar modifiers={[{ label: 'Ctrl', isOn, press }]} keys={[{ label: '←', name: 'Left', press }]} />
 */
import type { SyntheticEvent } from 'react';
import { classNames } from './class-names.ts';

interface Key {
  label: string;
  /** Read out where the label is a sign. */
  name?: string | undefined;
  press: () => void;
}

interface KeyBarProps {
  /** They stick to the next key. */
  modifiers: readonly (Key & { isOn: boolean })[];
  keys: readonly Key[];
}

const look = 'min-h-11 min-w-11 shrink-0 rounded-ctl border px-2.5 font-mono text-15';
const keepFocus = (event: SyntheticEvent) => event.preventDefault();

export function KeyBar({ modifiers, keys }: KeyBarProps) {
  return (
    <div
      role="toolbar"
      aria-label="Keys"
      data-keeps-typing=""
      className="hidden gap-1.5 overflow-x-auto border-t border-line bg-surface px-2 py-1.5 touch:flex"
    >
      {modifiers.map(({ label, isOn, press }) => (
        <button
          key={label}
          type="button"
          aria-pressed={isOn}
          onPointerDown={keepFocus}
          onMouseDown={keepFocus}
          onClick={press}
          className={classNames(look, isOn ? 'border-accent bg-accent text-on-accent' : 'border-line-strong')}
        >
          {label}
        </button>
      ))}
      {keys.map(({ label, name, press }) => (
        <button
          key={label}
          type="button"
          aria-label={name}
          onPointerDown={keepFocus}
          onMouseDown={keepFocus}
          onClick={press}
          className={classNames(look, 'border-line-strong')}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
