/** DiffView: two texts line by line, with three lines around each change. Signs tell as much as colours. */
import { classNames } from '../ui/class-names.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { type DiffRow, diffRows } from './diff-rows.ts';

const LOOKS: Readonly<Record<DiffRow['kind'], { sign: string; className: string }>> = {
  same: { sign: ' ', className: 'text-muted' },
  added: { sign: '+', className: 'bg-[color-mix(in_srgb,var(--st-running)_16%,transparent)]' },
  removed: { sign: '−', className: 'bg-[color-mix(in_srgb,var(--st-failed)_16%,transparent)]' },
  gap: { sign: '⋯', className: 'text-muted' },
};

interface DiffViewProps {
  before: string;
  after: string;
  label?: string;
}

export function DiffView({ before, after, label = 'Changes line by line' }: DiffViewProps) {
  const rows = diffRows(before, after);
  if (rows.length === 0) return <p className="text-muted">The two texts are the same.</p>;
  return (
    <ScrollRegion label={label} className="rounded-ctl border border-line bg-surface font-mono text-13 leading-relaxed">
      <ol className="w-max min-w-full py-1">
        {rows.map((row) => (
          <li
            key={`${row.kind} ${row.before ?? ''} ${row.after ?? ''}`}
            className={classNames('flex gap-3 px-3 whitespace-pre', LOOKS[row.kind].className)}
          >
            <span aria-hidden className="w-8 shrink-0 text-right text-muted select-none">
              {row.after ?? row.before ?? ''}
            </span>
            <span className="w-3 shrink-0">{LOOKS[row.kind].sign}</span>
            <span className={row.kind === 'same' || row.kind === 'gap' ? '' : 'text-text'}>{row.text}</span>
          </li>
        ))}
      </ol>
    </ScrollRegion>
  );
}
