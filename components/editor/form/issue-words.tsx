'use client';
/** IssueWords: issues under a field, each with the buttons that solve it. */
import type { ManifestIssue } from '../../manifest/read-manifest.ts';
import { useEditing } from '../editing.ts';
import { IssueShape } from '../issue-shape.tsx';

export function IssueWords({ issues, id }: { issues: readonly ManifestIssue[]; id?: string }) {
  const { applyFix, disabled } = useEditing();
  if (issues.length === 0) return null;
  return (
    <ul id={id} className="flex flex-col gap-1">
      {issues.map((issue) => (
        <li key={issue.message} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-13 text-text">
          <span className="inline-flex min-w-0 items-start gap-1.5">
            <IssueShape severity={issue.severity} className="mt-0.5" />
            <span className="[overflow-wrap:anywhere]">{issue.message}</span>
          </span>
          {issue.fixes?.map((fix) => (
            <button
              key={fix.label}
              type="button"
              disabled={disabled}
              onClick={() => applyFix(fix)}
              className="min-h-6 rounded-ctl border border-line-strong px-2 text-13 font-semibold hover:bg-raised touch:min-h-9"
            >
              {fix.label}
            </button>
          ))}
        </li>
      ))}
    </ul>
  );
}
