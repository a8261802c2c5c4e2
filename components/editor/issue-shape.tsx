/** IssueShape: the shape of an issue's severity, so that colour is never alone. */
import type { ManifestIssue } from '../manifest/read-manifest.ts';
import { classNames } from '../ui/class-names.ts';
import { StatusShape } from '../ui/status-shape.tsx';

export function IssueShape({ severity, className }: { severity: ManifestIssue['severity']; className?: string }) {
  if (severity === 'note')
    return (
      <span aria-hidden className={classNames('inline-flex size-4 shrink-0 items-center justify-center text-muted', className)}>
        ·
      </span>
    );
  return <StatusShape health={severity === 'error' ? 'failed' : 'attention'} size={16} className={className ?? ''} />;
}
