/** Everything the devices keep, fetched page by page from the newest back: for a file, not for the page. */
import { LogLines } from '#contracts/stream/log-lines.ts';
import type { LiveLink } from '../live/live-link.ts';
import { StreamViewer } from '../live/stream-viewer.ts';
import { LogBook } from './log-book.ts';
import type { LogQuery } from './log-feed.ts';

const PAGE_LINES = 100_000;
/** About 150 MB of text; a device keeps 64 MB. */
const MOST_LINES = 1_000_000;

export async function fetchHistory(
  link: LiveLink | undefined,
  devices: LogQuery['devices'],
  onProgress: (lines: number) => void,
): Promise<LogBook> {
  const book = new LogBook(MOST_LINES);
  for (const one of devices) {
    let until: string | undefined;
    for (let before = -1; book.taken > before && book.lines.length < MOST_LINES; ) {
      before = book.taken;
      const oldest = await fetchPage(link, one, until, book);
      book.commit();
      onProgress(book.taken);
      if (oldest === undefined || book.taken - before < PAGE_LINES / 2) break;
      until = new Date(oldest + 1).toISOString();
    }
  }
  return book;
}

/** Resolves with the time of its oldest line. Rejects with what the device says. */
function fetchPage(
  link: LiveLink | undefined,
  { device, sources }: LogQuery['devices'][number],
  until: string | undefined,
  book: LogBook,
): Promise<number | undefined> {
  const lines = new LogLines();
  let oldest: number | undefined;
  return new Promise((resolve, reject) => {
    const viewer = new StreamViewer({
      kind: 'log',
      device,
      body: () => ({ ...(sources ? { sources } : {}), tail: PAGE_LINES, follow: false, ...(until ? { until } : {}) }),
      onData: (bytes, consumed) => {
        const records = lines.read(bytes);
        book.add(device, records);
        for (const { t } of records) oldest = Math.min(oldest ?? t, t);
        consumed();
      },
      onPhase: (phase) => {
        if (phase.kind === 'ended') resolve(oldest);
        if (phase.kind !== 'waiting' && phase.kind !== 'refused') return;
        viewer.close();
        reject(new Error(phase.message));
      },
    });
    viewer.setLink(link);
    if (!link) reject(new Error('There is no connection to the hub, so nothing can be fetched. Try again when it is back.'));
  });
}
