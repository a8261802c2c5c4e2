'use client';
/**
 * The lines themselves: only those in sight are in the page. Says when somebody scrolls away from the end and when they are back
 * there; while `following` the end stays in sight.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import type { LogLine } from './log-line.ts';
import { LogRow, type RowLook } from './log-row.tsx';

export interface LogListHandle {
  show(index: number): void;
  focus(): void;
  /** Index of the line in the middle of what is seen. */
  middle(): number;
}

interface LogListProps {
  ref: Ref<LogListHandle>;
  label: string;
  lines: readonly LogLine[];
  look: RowLook;
  following: boolean;
  isMarked: (line: LogLine, index: number) => boolean;
  isOpen: (line: LogLine) => boolean;
  onMark: (line: LogLine, extend: boolean) => void;
  onFold: (line: LogLine) => void;
  onAway: () => void;
  onEnd: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  /** Keys that mean something here and not what they mean elsewhere on the page. */
  ownKeys: string;
}

const ROW_PX = 24;
/** While the end is followed only so many lines can be scrolled to: the list is laid out anew with every line that comes. */
const TAIL_LINES = 2_000;
const AT_END_PX = 8;

export function LogList(props: LogListProps) {
  const { ref, label, look, following, isMarked, isOpen, onMark, onFold, onAway, onEnd, onKeyDown, ownKeys } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const skipped = following ? Math.max(0, props.lines.length - TAIL_LINES) : 0;
  const lines = useMemo(() => (skipped > 0 ? props.lines.slice(skipped) : props.lines), [props.lines, skipped]);
  const lastSkipped = useRef(0);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: useCallback((index: number) => lines[index]!.key, [lines]),
    overscan: 12,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that were not measured have their height anew
  useEffect(() => rows.measure(), [look.wrap]);

  useImperativeHandle(ref, () => ({
    show: (index) => rows.scrollToIndex(index, { align: 'center' }),
    focus: () => scroller.current?.focus({ preventScroll: true }),
    middle: () => {
      const seen = rows.getVirtualItems();
      const middle = seen[Math.floor(seen.length / 2)]?.index;
      return middle === undefined ? -1 : middle + skipped;
    },
  }));

  const total = rows.getTotalSize();
  // Whoever stops following stays where they are, with all lines above.
  useLayoutEffect(() => {
    const appeared = lastSkipped.current - skipped;
    lastSkipped.current = skipped;
    if (!following && appeared > 0 && scroller.current) scroller.current.scrollTop += appeared * ROW_PX;
  }, [following, skipped]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines of the same height move the end too
  useLayoutEffect(() => {
    const element = scroller.current;
    if (following && element) element.scrollTop = element.scrollHeight;
  }, [following, total, lines]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const wentUp = element.scrollTop < lastTop.current;
      lastTop.current = element.scrollTop;
      const left = element.scrollHeight - element.scrollTop - element.clientHeight;
      if (wentUp && left > AT_END_PX) onAway();
      else if (!wentUp && left <= AT_END_PX) onEnd();
    };
    // In a flood the end is drawn anew faster than a scroll is told: a hand on the wheel counts by itself.
    const turn = (event: WheelEvent) => {
      if (event.deltaY < 0 && element.scrollHeight > element.clientHeight + AT_END_PX) onAway();
    };
    element.addEventListener('scroll', look, { passive: true });
    element.addEventListener('wheel', turn, { passive: true });
    return () => {
      element.removeEventListener('scroll', look);
      element.removeEventListener('wheel', turn);
    };
  }, [onAway, onEnd]);

  return (
    <div
      ref={scroller}
      role="log"
      aria-label={label}
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without a mouse the focus is the only way to scroll it
      tabIndex={0}
      data-own-keys={ownKeys}
      onKeyDown={onKeyDown}
      className="@container min-h-0 flex-1 overflow-auto bg-term font-mono text-13 leading-6 text-[#eef2ff] outline-offset-[-3px]"
    >
      <div className={look.wrap ? 'relative' : 'relative w-max min-w-full'} style={{ height: total }}>
        <div style={{ transform: `translateY(${rows.getVirtualItems()[0]?.start ?? 0}px)` }}>
          {rows.getVirtualItems().map(({ key, index }) => {
            const line = lines[index]!;
            return (
              <div key={key} data-index={index} ref={look.wrap || !line.isText || line.json ? rows.measureElement : undefined}>
                <LogRow
                  {...look}
                  line={line}
                  marked={isMarked(line, index + skipped)}
                  open={isOpen(line)}
                  onMark={onMark}
                  onFold={onFold}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
