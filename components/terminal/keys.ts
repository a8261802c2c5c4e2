/** Which keys stay with the page while somebody types to a device; every other key belongs to the device. Pure. */
export interface PressedKey {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
  /** AltGr makes Ctrl and Alt on some systems. */
  altGraph: boolean;
}

export type PageKey = 'leave' | 'copy' | 'paste' | 'find';

export function pageKey(event: PressedKey, { selection, mac }: { selection: boolean; mac: boolean }): PageKey | undefined {
  const { ctrlKey: ctrl, altKey: alt, shiftKey: shift, metaKey: meta, code } = event;
  // By position: the key left of 1, whatever the layout prints on it.
  if (code === 'Backquote' && ctrl && !alt && !shift && !meta) return 'leave';
  if (ctrl && alt && shift && !event.altGraph && /^(?:Control|Alt|Shift|Meta)/.test(event.key)) return 'leave';
  const mod = mac ? meta && !ctrl : ctrl && !meta;
  const letter = event.key.toLowerCase();
  if (mod && !alt && !shift && letter === 'c') return selection ? 'copy' : undefined;
  if (mod && !alt && letter === 'v' && (!shift || !mac)) return 'paste';
  if (ctrl && shift && !alt && !meta && letter === 'f') return 'find';
  return undefined;
}

/** The same key as an event of the browser has it. */
export const pressedKey = (event: KeyboardEvent): PressedKey => ({
  key: event.key,
  code: event.code,
  ctrlKey: event.ctrlKey,
  altKey: event.altKey,
  shiftKey: event.shiftKey,
  metaKey: event.metaKey,
  altGraph: event.getModifierState('AltGraph'),
});
