'use client';
/** IssueWords: issues under a field, each with the buttons that solve it. */
import type { ManifestIssue } from '../../manifest/read-manifest.ts';
import { FixButtons } from '../fix-buttons.tsx';
import { IssueShape } from '../issue-shape.tsx';

export function IssueWords({ issues, id }: { issues: readonly ManifestIssue[]; id?: string }) {
  if (issues.length === 0) return null;
  return (
    <ul id={id} className="flex flex-col gap-1">
      {issues.map((issue) => (
        <li key={issue.message} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-13 text-text">
          <span className="inline-flex min-w-0 items-start gap-1.5">
            <IssueShape severity={issue.severity} className="mt-0.5" />
            <span className="[overflow-wrap:anywhere]">{issue.message}</span>
          </span>
          <FixButtons issue={issue} size="min-h-6 touch:min-h-9" />
        </li>
      ))}
    </ul>
  );
}
