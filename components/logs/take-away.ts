/** Lines leave the page: to the clipboard, into a file, as a link. */
import { toast } from '../ui/toast.tsx';
import type { LogLine } from './log-line.ts';

const URL_LIFE_MS = 10_000;

export function save(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), URL_LIFE_MS);
}

/** To the page of its device, opened at this line. */
export function linkTo({ device, record }: LogLine): string {
  const url = new URL(`/d/${device}`, window.location.origin);
  url.searchParams.set('tab', 'logs');
  if (record.d) url.searchParams.set('deployment', record.d);
  if (record.s) url.searchParams.set('service', record.s);
  url.searchParams.set('line', String(record.n));
  return url.href;
}

export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast({ title: 'Your browser blocks copying here.', text: 'Open the page over https, or download the lines instead.' });
  }
}
