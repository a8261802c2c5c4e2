/** The keys of a log. They count while the focus is in its lines. */
import type { KeyboardEvent } from 'react';
import { lettersAreOn } from '../keys/letters.ts';

/** What these keys mean elsewhere on the page is silent in the lines: read by the keys of the page. */
export const OWN_KEYS = 'f w t / n c j k';

export interface LogActs {
  follow(): void;
  wrap(): void;
  times(): void;
  find(): void;
  /** To the next or the previous find. */
  step(direction: 1 | -1): void;
  /** The mark, by one line. */
  move(direction: 1 | -1, extend: boolean): void;
  copyLink(): void;
  copyLines(): void;
  download(): void;
  /** Where something is marked. */
  leave: (() => void) | undefined;
  /** Where a line of JSON is marked. */
  fold: (() => void) | undefined;
}

export function pressLogKey(event: KeyboardEvent, acts: LogActs): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.length === 1 && !lettersAreOn()) return;
  const act = actOf(event.key, acts);
  if (!act) return;
  act();
  // The tile or the page around has other meanings for these keys.
  event.preventDefault();
  event.stopPropagation();
}

function actOf(key: string, acts: LogActs): (() => void) | undefined {
  switch (key) {
    case 'f':
      return acts.follow;
    case 'w':
      return acts.wrap;
    case 't':
      return acts.times;
    case '/':
      return acts.find;
    case 'n':
      return () => acts.step(1);
    case 'N':
      return () => acts.step(-1);
    case 'j':
    case 'J':
      return () => acts.move(1, key === 'J');
    case 'k':
    case 'K':
      return () => acts.move(-1, key === 'K');
    case 'c':
      return acts.copyLink;
    case 'C':
      return acts.copyLines;
    case 'D':
      return acts.download;
    case 'Escape':
      return acts.leave;
    case 'Enter':
      return acts.fold;
    default:
      return undefined;
  }
}
