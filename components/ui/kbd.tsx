/** Kbd: a key as printed on the keyboard. `Mod` becomes Ctrl or the command sign. */
const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex min-w-6 items-center justify-center rounded-plate border border-line-strong px-1.5 font-mono text-13 text-muted">
      {children.replace('Mod', mac ? '⌘' : 'Ctrl')}
    </kbd>
  );
}
