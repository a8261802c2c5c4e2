'use client';
/** Logs of one or many devices: asked for, followed, searched, copied and taken away. */
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLink } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { toast } from '../ui/toast.tsx';
import { fetchHistory } from './history-download.ts';
import type { DeviceFeed, LogQuery } from './log-feed.ts';
import { OWN_KEYS, pressLogKey } from './log-keys.ts';
import type { LogLine } from './log-line.ts';
import { LogList, type LogListHandle } from './log-list.tsx';
import { LogFooter, SearchNotice } from './log-notices.tsx';
import { useLogPreferences } from './log-preferences.ts';
import { toNdjson, toText } from './log-text.ts';
import { LogToolbar } from './log-toolbar.tsx';
import { absentWords, count, isSettled } from './log-words.ts';
import type { QueryText } from './query.ts';
import { SearchBar } from './search-bar.tsx';
import { copy, linkTo, save } from './take-away.ts';
import { type TimeRange, toRangeQuery } from './time-range.ts';
import { useLogFeed } from './use-log-feed.ts';
import { useLogView } from './use-log-view.ts';
import { useMarks } from './use-marks.ts';

export interface LogsViewProps {
  /** "Logs of Alice": for screen readers, and the name of a file. */
  label: string;
  devices: LogQuery['devices'];
  /** Words where there is nothing. */
  empty: ReactNode;
  choice?: ReactNode;
  /** Lines of more than one service. */
  merged: boolean;
  /** Opens at the line of a link. */
  line?: number | undefined;
  /** Begins with this search over everything that is kept. */
  search?: QueryText | undefined;
  /** How each device does, where there are many. */
  children?: (devices: readonly DeviceFeed[]) => ReactNode;
}

const AROUND_LINES = 2_000;
const SEARCH_LINES = 10_000;

export function LogsView({ label, devices, empty, choice, merged, line, search: firstSearch, children }: LogsViewProps) {
  const link = useLink();
  const [range, setRange] = useState<TimeRange>({ choice: 'latest', from: '', to: '', atMs: 0 });
  const [around, setAround] = useState(line);
  const [search, setSearch] = useState(firstSearch);
  const [preferences, setPreferences] = useLogPreferences();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<LogListHandle>(null);
  const field = useRef<HTMLInputElement>(null);

  const query = useMemo<LogQuery>(() => {
    if (around !== undefined) return { devices, tail: AROUND_LINES, around, follow: false };
    const asked = { devices, ...toRangeQuery(range) };
    return search ? { ...asked, tail: SEARCH_LINES, search } : asked;
  }, [devices, around, range, search]);
  const feed = useLogFeed(query);
  const view = useLogView(feed);
  const { lines, query: found, stand, follow, following } = view;
  const marks = useMarks(lines);
  const { head, mark } = marks;

  // A search over everything marks what it found, as one over what is shown does.
  const { setText } = view;
  useEffect(() => {
    if (firstSearch) setText(firstSearch);
  }, [firstSearch, setText]);

  // Standing still lays out all lines first.
  const showSoon = (at: number) => requestAnimationFrame(() => list.current?.show(at));
  useLinkedLine(around, lines, (at, linked) => {
    stand();
    mark(linked);
    showSoon(at);
  });

  const backToNow = () => {
    setAround(undefined);
    setSearch(undefined);
    mark(undefined);
    follow();
  };
  const step = (direction: 1 | -1) => {
    const from = head ? lines.indexOf(head) : direction === 1 ? (list.current?.middle() ?? 0) - 1 : lines.length;
    const at = view.next(from, direction);
    if (at < 0) return;
    stand();
    mark(lines[at]);
    showSoon(at);
  };
  const move = (direction: 1 | -1, extend: boolean) => {
    const from = head ? lines.indexOf(head) : (list.current?.middle() ?? 0) - direction;
    const next = lines[Math.max(0, Math.min(lines.length - 1, from + direction))];
    if (!next) return;
    stand();
    mark(next, extend);
    showSoon(lines.indexOf(next));
  };
  const searchAll = () => {
    if (!found) return;
    setAround(undefined);
    follow();
    setSearch(view.text);
  };
  const fold = useCallback(({ key }: LogLine) => {
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);

  const look = { devices: devices.length > 1, services: merged };
  const fileName = `${label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`;
  const downloadShown = (as: 'text' | 'ndjson') =>
    as === 'text'
      ? save(`${fileName}.log`, toText(lines, look), 'text/plain')
      : save(`${fileName}.ndjson`, toNdjson(lines), 'application/x-ndjson');
  const downloadAll = async (as: 'text' | 'ndjson') => {
    toast('Fetching everything that is kept …');
    try {
      const { lines: all } = await fetchHistory(link, devices, () => undefined);
      save(
        `${fileName}-all.${as === 'text' ? 'log' : 'ndjson'}`,
        as === 'text' ? toText(all, look) : toNdjson(all),
        'text/plain',
      );
    } catch (error) {
      toast({ title: 'The history was not fetched.', text: (error as Error).message });
    }
  };
  const copyLines = () => copy(toText(marks.range.length > 0 ? marks.range : lines, look), 'Lines copied.');
  const copyLink = () => {
    const linked = head ?? lines[list.current?.middle() ?? -1];
    if (linked?.isText) void copy(linkTo(linked), 'Link to the line copied.');
  };

  const keys = (event: KeyboardEvent) =>
    pressLogKey(event, {
      follow: () => (following ? stand() : follow()),
      wrap: () => setPreferences({ wrap: !preferences.wrap }),
      times: () => setPreferences({ times: !preferences.times }),
      find: () => field.current?.focus(),
      step,
      move,
      copyLink,
      copyLines: () => void copyLines(),
      download: () => downloadShown('text'),
      leave: head ? () => mark(undefined) : undefined,
      fold: head?.json ? () => fold(head) : undefined,
    });

  const absent = absentWords(feed.devices);
  const settled = feed.devices.length > 0 && feed.devices.every(isSettled);
  return (
    <section aria-label={label} className="flex h-full min-h-80 flex-col overflow-hidden rounded-ctl border border-line">
      <LogToolbar
        choice={choice}
        level={view.level}
        onLevel={view.setLevel}
        range={range}
        onRange={(next) => {
          setAround(undefined);
          follow();
          setRange(next);
        }}
        following={following && around === undefined}
        onFollow={() => (around !== undefined ? backToNow() : following ? stand() : follow())}
        preferences={preferences}
        onPreferences={setPreferences}
        downloads={[
          { label: 'What is shown, as text', hint: 'Shift D', onSelect: () => downloadShown('text') },
          { label: 'What is shown, as NDJSON', onSelect: () => downloadShown('ndjson') },
          'separator',
          { label: 'All history, as text', onSelect: () => void downloadAll('text') },
          { label: 'All history, as NDJSON', onSelect: () => void downloadAll('ndjson') },
          'separator',
          { label: 'Copy the lines', hint: 'Shift C', onSelect: () => void copyLines() },
          { label: 'Copy a link to the line', hint: 'c', onSelect: copyLink },
        ]}
        search={
          <SearchBar
            ref={field}
            text={view.text}
            onChange={setText}
            error={view.error}
            found={view.found}
            onStep={step}
            onLeave={() => list.current?.focus()}
            onSearchAll={searchAll}
            searching={search !== undefined && search === view.text}
          />
        }
      />
      {children?.(feed.devices)}
      {search || around !== undefined ? (
        <SearchNotice search={search} around={around} devices={feed.devices} onBack={backToNow} />
      ) : null}
      {absent.map((words) => (
        <ErrorNote
          key={words}
          severity="warning"
          className="rounded-none"
          fact={words}
          effect=""
          action={<Button onClick={feed.retry}>Try again</Button>}
        />
      ))}
      <div className="relative flex min-h-0 flex-1 flex-col">
        <LogList
          ref={list}
          label={label}
          lines={lines}
          look={{ ...preferences, ...look, query: found }}
          following={following && around === undefined}
          isMarked={marks.isMarked}
          isOpen={(one) => open.has(one.key)}
          onMark={mark}
          onFold={fold}
          onAway={stand}
          onEnd={follow}
          onKeyDown={keys}
          ownKeys={OWN_KEYS}
        />
        {lines.length === 0 ? (
          <div className="pointer-events-none absolute inset-0 grid place-content-center p-6 text-center text-[#a9b4d0]">
            {!settled
              ? 'Asking the device …'
              : feed.lines.length > 0
                ? 'No line of this level among those here.'
                : search
                  ? 'Nothing found.'
                  : empty}
          </div>
        ) : null}
        {view.missed > 0 ? (
          <Button look="primary" className="absolute bottom-3 left-1/2 -translate-x-1/2" onClick={follow}>
            {view.missed === 1 ? '1 new line' : `${count(view.missed)} new lines`}
          </Button>
        ) : null}
      </div>
      <LogFooter
        shown={lines.length}
        feed={feed}
        state={!query.follow ? 'ends' : following ? 'follows' : 'stands'}
        onOlder={
          query.tail < feed.lines.length + 1 && range.choice === 'latest' && !search && around === undefined
            ? () => setRange({ ...range, choice: 'all', atMs: Date.now() })
            : undefined
        }
      />
    </section>
  );
}

/** Once, as soon as the line of a link is among those that came. */
function useLinkedLine(
  around: number | undefined,
  lines: readonly LogLine[],
  onFound: (at: number, line: LogLine) => void,
): void {
  const shown = useRef<number>(undefined);
  useEffect(() => {
    if (around === undefined || shown.current === around) return;
    const at = lines.findIndex(({ record, isText }) => isText && record.n === around);
    if (at < 0) return;
    shown.current = around;
    onFound(at, lines[at]!);
  });
}
