'use client';
/** ProblemList: everything that is wrong, worst first; each entry moves the caret to its line. */
import type { ManifestIssue } from '../manifest/read-manifest.ts';
import { plural } from '../ui/words.ts';
import { useEditing } from './editing.ts';
import { FixButtons } from './fix-buttons.tsx';
import { IssueShape } from './issue-shape.tsx';

interface ProblemListProps {
  onShow: (issue: ManifestIssue) => void;
}

export function ProblemList({ onShow }: ProblemListProps) {
  const { issues } = useEditing();
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  const notes = issues.length - errors;
  const summary = [errors > 0 ? plural(errors, 'problem') : '', notes > 0 ? plural(notes, 'note') : '']
    .filter(Boolean)
    .join(', ');
  return (
    <section aria-label="Problems" className="border-t border-line bg-surface">
      <p role="status" className="px-4 pt-2 text-13 text-muted">
        {summary || 'No problems.'}
      </p>
      <ul className="max-h-44 overflow-y-auto px-2 pb-2">
        {issues.map((issue) => (
          <li key={`${issue.from} ${issue.message}`} className="flex flex-wrap items-center gap-x-2">
            <button
              type="button"
              onClick={() => onShow(issue)}
              className="inline-flex min-h-8 min-w-0 flex-1 items-start gap-2 rounded-ctl px-2 py-1 text-left text-13 hover:bg-raised touch:min-h-11"
            >
              <IssueShape severity={issue.severity} className="mt-0.5" />
              <span className="[overflow-wrap:anywhere]">
                {issue.message.startsWith('Line ') ? null : <span className="text-muted">Line {issue.line}: </span>}
                {issue.message}
              </span>
            </button>
            <FixButtons issue={issue} size="min-h-7 touch:min-h-11" />
          </li>
        ))}
      </ul>
    </section>
  );
}
