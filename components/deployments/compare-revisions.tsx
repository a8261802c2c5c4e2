'use client';
import type { DeploymentRevision } from '#contracts/api.ts';
import { useMay } from '../live/use-me.ts';
import { ChangeList } from '../manifest/change-list.tsx';
import { changesBetween } from '../manifest/changes.ts';
import { DiffView } from '../manifest/diff-view.tsx';
import { namedTargetChanges } from '../manifest/named-targets.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface CompareRevisionsProps {
  name: string;
  /** The older one; absent: the dialog is closed. */
  revision: DeploymentRevision | undefined;
  current: { generation: number; manifest: string };
  onClose: () => void;
}

export function CompareRevisions({ name, revision, current, onClose }: CompareRevisionsProps) {
  const mayDeploy = useMay('deploy');
  if (!revision) return null;
  const before = readManifest(revision.manifest).value;
  const after = readManifest(current.manifest).value;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title={`${name}: #${revision.generation} → #${current.generation}`}
      footer={
        mayDeploy ? (
          <ButtonLink look="primary" href={`/deployments/${name}/edit?revision=${revision.generation}`} title="rollback">
            Go back to #{revision.generation}
          </ButtonLink>
        ) : null
      }
    >
      <div className="flex flex-col gap-4">
        <ChangeList
          changes={changesBetween(before, after, namedTargetChanges(before, after))}
          none="What runs is the same. Only the text differs."
        />
        <DiffView before={revision.manifest} after={current.manifest} />
      </div>
    </Dialog>
  );
}
