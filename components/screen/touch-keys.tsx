'use client';
/** Typing into a desktop from a phone: a field nobody sees calls the keyboard up, and what is written there goes on as keys. */
import { Keyboard } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { KeyBar } from '../ui/key-bar.tsx';
import { KEYSYM, typedKeys } from './typed-keys.ts';
import type { ScreenHandle } from './use-screen.ts';

/** A keyboard takes back only what it sees: so much is always there. */
const GROUND = '_'.repeat(64);
const MOST = 512;
const BAR = [
  { label: 'Esc', key: 'Escape' },
  { label: 'Tab', key: 'Tab' },
  { label: '←', name: 'Left', key: 'ArrowLeft' },
  { label: '↑', name: 'Up', key: 'ArrowUp' },
  { label: '→', name: 'Right', key: 'ArrowRight' },
  { label: '↓', name: 'Down', key: 'ArrowDown' },
] as const;
const MODIFIERS = [
  { label: 'Ctrl', keysym: KEYSYM.Control },
  { label: 'Alt', keysym: KEYSYM.Alt },
] as const;

interface TouchKeysProps {
  device: string;
  handle: ScreenHandle;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** The field and, while it is typed into, the keys that the keyboard lacks. */
export function TouchKeys({ device, handle, field }: TouchKeysProps) {
  const [open, setOpen] = useState(false);
  const [held, setHeld] = useState<number>();
  const before = useRef(GROUND);
  const { press, takeFocus } = handle;

  // A tap on the desktop is a tap there, and leaves the keyboard where it is.
  useEffect(() => {
    takeFocus(!open);
    return () => takeFocus(true);
  }, [open, takeFocus]);

  function send(keysyms: readonly number[]) {
    const [first, ...others] = keysyms;
    if (first === undefined) return;
    press(held === undefined ? [first] : [held, first]);
    for (const one of others) press([one]);
    setHeld(undefined);
  }

  function start() {
    const one = field.current;
    if (!one) return;
    one.value = before.current = GROUND;
    one.setSelectionRange(GROUND.length, GROUND.length);
  }

  function write(event: FormEvent<HTMLTextAreaElement>) {
    const { value } = event.currentTarget;
    send(typedKeys(before.current, value));
    before.current = value;
    const { isComposing } = event.nativeEvent as InputEvent;
    if (!isComposing && (value.length < GROUND.length / 2 || value.length > MOST)) start();
  }

  function pressKey(event: KeyboardEvent) {
    const key = BAR.find((one) => one.key === event.key)?.key;
    if (!key || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    send([KEYSYM[key]]);
  }

  return (
    <>
      <textarea
        ref={field}
        defaultValue={GROUND}
        aria-label={`Keys for the desktop on ${device}`}
        tabIndex={-1}
        autoCapitalize="none"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        onFocus={() => {
          start();
          setOpen(true);
        }}
        onBlur={() => setOpen(false)}
        onInput={write}
        onKeyDown={pressKey}
        // Where the picture is, so that a browser that scrolls to what is typed stays there; 16 px, or it would zoom.
        className="pointer-events-none absolute bottom-0 left-0 size-px resize-none text-[16px] opacity-0"
      />
      {open ? (
        <KeyBar
          keys={[
            ...MODIFIERS.map(({ label, keysym }) => ({
              label,
              isOn: held === keysym,
              press: () => setHeld(held === keysym ? undefined : keysym),
            })),
            ...BAR.map(({ key, ...one }) => ({ ...one, press: () => send([KEYSYM[key]]) })),
          ]}
        />
      ) : null}
    </>
  );
}

/** Calls the keyboard up, or puts it away. For fingers alone. */
export function KeyboardButton({ field }: { field: RefObject<HTMLTextAreaElement | null> }) {
  return (
    <Button
      className="hidden border-bg! text-bg! touch:inline-flex"
      onClick={() => {
        if (document.activeElement === field.current) field.current?.blur();
        else field.current?.focus();
      }}
    >
      <Keyboard size={20} strokeWidth={1.75} aria-hidden />
      Keyboard
    </Button>
  );
}
