'use client';
import { request } from '../ui/requests.ts';

/** A place nobody sits on yet. */
export function EmptySeat({ current }: { current: boolean }) {
  return (
    <button
      type="button"
      data-seat
      tabIndex={current ? 0 : -1}
      onClick={() => request('add-device')}
      className="group flex h-full w-full items-center justify-center rounded-tile border border-dashed border-line-strong text-15 text-faint transition-colors duration-(--t-fast) hover:text-text"
    >
      <span className="group-hover:hidden group-focus-visible:hidden">Empty seat</span>
      <span className="hidden group-hover:inline group-focus-visible:inline">Add a device here (a)</span>
    </button>
  );
}
