/** The messages on screen, kept outside React so that anything may add one. Gone after a while, held while pointed at. */
export interface ToastOptions {
  title: string;
  text?: string;
  action?: { label: string; onClick: () => void };
}

export interface ToastEntry extends ToastOptions {
  id: number;
}

const SHOWN_MS = 6_000;
/** An offer is read, thought about and reached. */
const OFFERED_MS = 20_000;
const MOST = 3;

let entries: readonly ToastEntry[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();

function set(next: readonly ToastEntry[]): void {
  entries = next;
  for (const listener of listeners) listener();
}

export const toastStore = {
  get: () => entries,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  add(options: ToastOptions): void {
    const entry = { ...options, id: nextId++ };
    set([...entries, entry].slice(-MOST));
    toastStore.release(entry.id);
  },
  remove(id: number): void {
    toastStore.hold(id);
    set(entries.filter((one) => one.id !== id));
  },
  hold(id: number): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
  },
  release(id: number): void {
    toastStore.hold(id);
    timers.set(
      id,
      setTimeout(() => toastStore.remove(id), entries.some((one) => one.id === id && one.action) ? OFFERED_MS : SHOWN_MS),
    );
  },
};
