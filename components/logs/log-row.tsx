'use client';
/** One line of a log: time, whose it is, how grave it is, its text. Events and gaps are drawn across. */
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import { displayName } from '#contracts/device.ts';
import { classNames } from '../ui/class-names.ts';
import { zoned } from '../ui/words.ts';
import { JsonTree } from './json-tree.tsx';
import type { Level } from './level.ts';
import type { LogLine } from './log-line.ts';
import { eventWords, gapWords } from './log-words.ts';
import type { Query } from './query.ts';
import { toCss } from './run-style.ts';
import { toPieces } from './text-pieces.ts';

export interface RowLook {
  wrap: boolean;
  times: boolean;
  devices: boolean;
  services: boolean;
  query: Query | undefined;
}

export interface LogRowProps extends RowLook {
  line: LogLine;
  marked: boolean;
  open: boolean;
  onMark: (line: LogLine, extend: boolean) => void;
  onFold: (line: LogLine) => void;
}

const LEVEL_WORDS: Readonly<Record<Level, string>> = { error: 'ERROR', warn: 'WARN', info: 'INFO', debug: 'DEBUG' };
const LEVEL_COLOURS: Readonly<Record<Level, string>> = {
  error: 'text-[#ff9c85]',
  warn: 'text-[#fad571]',
  info: 'text-[#79c0ff]',
  debug: 'text-[#a9b4d0]',
};
/** Who wrote it, always with the name beside it. */
const WRITER_COLOURS = ['#E99355', '#0CC3C3', '#D0A43A', '#AA9CF7', '#79BF72', '#E887B6', '#40B8EE', '#F28881'];
const timeFormat = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { record } = props.line;
  if (record.o === 'event') return <Divider text={eventWords(record)} title={zoned(record.t)} />;
  if (record.o === 'gap') return <Divider text={gapWords(record)} title={zoned(record.t)} missing />;
  return <TextRow {...props} />;
});

function TextRow({ line, marked, open, wrap, times, devices, services, query, onMark, onFold }: LogRowProps) {
  const { record, level, json } = line;
  const writer = [devices ? displayName(line.device) : '', services ? (record.s ?? '') : ''].filter(Boolean).join(' ');
  const mark = (event: MouseEvent) => onMark(line, event.shiftKey);
  return (
    <div
      data-line={record.n}
      aria-current={marked ? 'true' : undefined}
      className={classNames(
        'flex min-h-6 items-baseline gap-2 border-l-2 px-2',
        marked ? 'border-[#ffd75e] bg-[#1b2440]' : 'border-transparent hover:bg-[#131a2e]',
      )}
    >
      {json ? (
        <button
          type="button"
          tabIndex={-1}
          aria-expanded={open}
          aria-label={open ? 'Fold' : 'Unfold'}
          onClick={() => onFold(line)}
          className="size-6 shrink-0 self-start text-[#a9b4d0]"
        >
          {open ? <ChevronDown size={16} /> : <ChevronRight size={16} />}
        </button>
      ) : null}
      {times ? (
        <button type="button" tabIndex={-1} title={zoned(record.t)} onClick={mark} className="min-h-6 shrink-0 text-[#a9b4d0]">
          {timeFormat.format(record.t)}
        </button>
      ) : null}
      {writer ? (
        <span className="shrink-0" style={{ color: WRITER_COLOURS[hash(writer) % WRITER_COLOURS.length] }}>
          {writer}
        </span>
      ) : null}
      {level ? <span className={classNames('w-11 shrink-0', LEVEL_COLOURS[level])}>{LEVEL_WORDS[level]}</span> : null}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the list do the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
      <div onClick={(event) => event.shiftKey && mark(event)} className="min-w-0 flex-1">
        <div className={wrap ? 'break-words whitespace-pre-wrap [overflow-wrap:anywhere]' : 'whitespace-pre'}>
          <Text line={line} query={query} />
          {record.o !== 'gap' && 'cut' in record && record.cut ? <Mark>cut here, the line was longer</Mark> : null}
        </div>
        {open && json ? <JsonTree value={json} /> : null}
      </div>
    </div>
  );
}

function Text({ line, query }: { line: LogLine; query: Query | undefined }) {
  const pieces = toPieces(line.runs, query && line.matches(query) ? query.places(line.plain) : []);
  return pieces.map(({ text, style, isMark, isHit, href }, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never move
    if (isMark) return <Mark key={index}>{text}</Mark>;
    const shown = isHit ? <mark className="bg-[#ffd75e] text-[#0b1020]">{text}</mark> : text;
    if (href)
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <a key={index} href={href} target="_blank" rel="noopener noreferrer" className="text-[#7cc4ff] underline">
          {shown}
        </a>
      );
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <span key={index} style={style && toCss(style)}>
        {shown}
      </span>
    );
  });
}

function Mark({ children }: { children: string }) {
  return <span className="mx-0.5 rounded-sm border border-[#fad571] px-0.5 text-[#fad571]">{children}</span>;
}

function Divider({ text, title, missing }: { text: string; title: string; missing?: boolean }) {
  const colour = missing ? 'text-[#fad571]' : 'text-[#a9b4d0]';
  return (
    <div
      title={title}
      className={classNames('sticky left-0 flex min-h-6 max-w-[100cqw] items-center gap-3 px-2 whitespace-normal', colour)}
    >
      <span aria-hidden className={classNames('h-px min-w-8 flex-1 bg-current', missing && 'opacity-60')} />
      <span>
        {missing ? '▲ ' : ''}
        {text}
      </span>
      <span aria-hidden className={classNames('h-px min-w-8 flex-1 bg-current', missing && 'opacity-60')} />
    </div>
  );
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)!) >>> 0;
  return sum;
}
