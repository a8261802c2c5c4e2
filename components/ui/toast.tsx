'use client';
/**
 * Toast: `toast('Saved.')`, `toast({ title: 'Back on #41.', action: { label: 'Undo', onClick } })` from anywhere in the browser.
 * Polite, gone after 6 s, or 20 s with an action; held while pointed at. `<Toaster />` stands once in the providers. Errors belong beside their cause (ErrorNote).
 */
import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Button, IconButton } from './button.tsx';
import { type ToastEntry, type ToastOptions, toastStore } from './toast-store.ts';

export const toast = (options: string | ToastOptions): void =>
  toastStore.add(typeof options === 'string' ? { title: options } : options);

const NONE: readonly ToastEntry[] = [];

export function Toaster() {
  const entries = useSyncExternalStore(toastStore.subscribe, toastStore.get, () => NONE);
  return (
    <div
      aria-live="polite"
      className="fixed right-4 bottom-4 z-60 flex w-[calc(100vw-2rem)] max-w-[26rem] flex-col gap-2 pointer-events-none [&>*]:pointer-events-auto"
    >
      {entries.map((entry) => (
        <Message key={entry.id} {...entry} />
      ))}
    </div>
  );
}

function Message({ id, title, text, action }: ToastEntry) {
  const hold = () => toastStore.hold(id);
  const release = () => toastStore.release(id);
  return (
    <section
      aria-label={title}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
      className="flex items-center gap-3 rounded-tile border border-line-strong bg-raised py-2 pr-2 pl-4"
    >
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {text ? <p className="text-13 text-muted">{text}</p> : null}
      </div>
      {action ? (
        <Button
          look="quiet"
          onClick={() => {
            toastStore.remove(id);
            action.onClick();
          }}
        >
          {action.label}
        </Button>
      ) : null}
      <IconButton label="Close this message" onClick={() => toastStore.remove(id)}>
        <X size={18} strokeWidth={1.75} />
      </IconButton>
    </section>
  );
}
