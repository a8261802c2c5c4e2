'use client';
/** The keys a phone's keyboard lacks, for a terminal. Ctrl and Alt stick to the next character. */
import { KeyBar } from '../ui/key-bar.tsx';
import { BAR_KEYS, type BarKey, barKey, type Modifier } from './key-bytes.ts';
import type { TerminalHandle } from './use-terminal.ts';

const NAMES: Partial<Record<BarKey, string>> = { '←': 'Left', '↑': 'Up', '→': 'Right', '↓': 'Down' };
const MODIFIERS: readonly { modifier: Modifier; label: string }[] = [
  { modifier: 'ctrl', label: 'Ctrl' },
  { modifier: 'alt', label: 'Alt' },
];

export function TerminalKeys({ terminal }: { terminal: TerminalHandle }) {
  const { modifier: held, setModifier, type, screen } = terminal;
  return (
    <KeyBar
      keys={[
        ...MODIFIERS.map(({ modifier, label }) => ({
          label,
          isOn: held === modifier,
          press: () => setModifier(held === modifier ? undefined : modifier),
        })),
        ...BAR_KEYS.map((key) => ({
          label: key,
          name: NAMES[key],
          press: () => type(barKey(key, screen.current?.terminal.modes.applicationCursorKeysMode ?? false)),
        })),
      ]}
    />
  );
}
