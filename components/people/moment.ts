/** A moment as people write it, in the words of their own browser: `3 Mar, 14:05`. */
export const moment = (iso: string): string =>
  new Date(iso).toLocaleString(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
