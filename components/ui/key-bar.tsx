'use client';
/**
 * KeyBar: above a phone's keyboard, the keys it lacks. What is driven keeps the focus, and with it the keyboard on the screen.
 *   <KeyBar keys={[{ label: 'Ctrl', isOn, press }, { label: '←', name: 'Left', press }]} />
 */
import type { SyntheticEvent } from 'react';
import { classNames } from './class-names.ts';

interface Key {
  label: string;
  /** Read out where the label is a sign. */
  name?: string | undefined;
  /** Of one that sticks to the next key. */
  isOn?: boolean | undefined;
  press: () => void;
}

const look = 'min-h-11 min-w-11 shrink-0 rounded-ctl border px-2.5 font-mono text-15';
const keepFocus = (event: SyntheticEvent) => event.preventDefault();

export function KeyBar({ keys }: { keys: readonly Key[] }) {
  return (
    <div
      role="toolbar"
      aria-label="Keys"
      data-keeps-typing=""
      className="hidden gap-1.5 overflow-x-auto border-t border-line bg-surface px-2 py-1.5 touch:flex"
    >
      {keys.map(({ label, name, isOn, press }) => (
        <button
          key={label}
          type="button"
          aria-label={name}
          aria-pressed={isOn}
          onPointerDown={keepFocus}
          onMouseDown={keepFocus}
          onClick={press}
          className={classNames(look, isOn ? 'border-accent bg-accent text-on-accent' : 'border-line-strong')}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
