'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeploymentEntry, DeploymentRevision } from '#contracts/api.ts';
import { api } from '../live/api-client.ts';
import { useMay } from '../live/use-me.ts';
import { useNow } from '../live/use-wall.ts';
import { manifestOf } from '../manifest/stored-manifest.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { since, zoned } from '../ui/words.ts';
import { CompareRevisions } from './compare-revisions.tsx';
import { RowsLoading } from './rows-loading.tsx';

const CLOCK_MS = 60_000;

export function RevisionList({ entry }: { entry: DeploymentEntry }) {
  const now = useNow(CLOCK_MS);
  const mayDeploy = useMay('deploy');
  const { name, generation } = entry.deployment.metadata;
  const [compared, setCompared] = useState<DeploymentRevision>();
  const revisions = useQuery({
    queryKey: ['revisions', name, entry.revision],
    queryFn: ({ signal }) => api.revisions(name, signal),
    placeholderData: (before) => before,
  });
  if (revisions.isPending) return <RowsLoading what="revisions" />;
  if (revisions.error)
    return <ErrorNote error={revisions.error} action={<Button onClick={() => revisions.refetch()}>Try again</Button>} />;
  const newestFirst = [...revisions.data.items].sort((a, b) => b.revision - a.revision);
  return (
    <>
      <ol className="flex flex-col gap-2">
        {newestFirst.map((revision) => {
          const current = revision.generation === generation && !revision.deleted;
          return (
            <li
              key={revision.revision}
              className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 rounded-tile border border-line bg-surface px-4 py-3"
            >
              <div className="min-w-0">
                <p className="flex flex-wrap gap-x-3">
                  <strong className="font-semibold">{revision.deleted ? 'Deleted' : `#${revision.generation}`}</strong>
                  {current ? <span>is what you ask for now</span> : null}
                </p>
                <p className="text-13 text-muted" title={zoned(Date.parse(revision.createdAt))}>
                  {since(Date.parse(revision.createdAt), now)} by {revision.author || 'another writer'}
                  {revision.message ? `: “${revision.message}”` : ''}
                </p>
              </div>
              {current || revision.deleted ? null : (
                <div className="flex flex-wrap gap-2">
                  <Button onClick={() => setCompared(revision)}>Compare with #{generation}</Button>
                  {mayDeploy ? (
                    <ButtonLink href={`/deployments/${name}/edit?revision=${revision.generation}`} title="rollback">
                      Go back to #{revision.generation}
                    </ButtonLink>
                  ) : null}
                </div>
              )}
            </li>
          );
        })}
      </ol>
      <CompareRevisions
        name={name}
        revision={compared}
        current={{ generation: generation ?? 1, manifest: manifestOf(entry.deployment) }}
        onClose={() => setCompared(undefined)}
      />
    </>
  );
}
