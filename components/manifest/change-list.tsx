/** ChangeList: changes as sentences, each with a sign that does not depend on colour. */
import type { Change } from './changes.ts';

const SIGNS: Readonly<Record<Change['kind'], { sign: string; read: string }>> = {
  added: { sign: '+', read: 'added' },
  changed: { sign: '~', read: 'changed' },
  removed: { sign: '−', read: 'removed' },
};

export function ChangeList({ changes, none }: { changes: readonly Change[]; none: string }) {
  if (changes.length === 0) return <p className="text-muted">{none}</p>;
  return (
    <ul className="flex flex-col gap-1.5">
      {changes.map(({ kind, sentence }) => (
        <li key={sentence} className="flex gap-3">
          <span aria-hidden className="w-4 shrink-0 text-center font-mono font-bold">
            {SIGNS[kind].sign}
          </span>
          <span className="sr-only">{SIGNS[kind].read}: </span>
          <span className="min-w-0 [overflow-wrap:anywhere]">{sentence}</span>
        </li>
      ))}
    </ul>
  );
}
