import type { Issue } from '#contracts/issue.ts';
import { ErrorNote } from '../../ui/error-note.tsx';

/** What the hub itself has to say against or about it. */
export function ReviewIssues({ issues }: { issues: readonly Issue[] }) {
  if (issues.length === 0) return null;
  return (
    <ul className="flex flex-col gap-2">
      {issues.map((issue) => (
        <li key={`${issue.path.join('.')} ${issue.message}`}>
          <ErrorNote
            severity={issue.severity}
            fact={issue.message}
            effect={issue.severity === 'error' ? 'Nothing can be deployed until this is solved.' : ''}
          />
        </li>
      ))}
    </ul>
  );
}
