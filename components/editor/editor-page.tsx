'use client';
import { useSearchParams } from 'next/navigation';
import { useMayNot } from '../live/use-me.ts';
import { useDeployment, useLoaded } from '../live/use-wall.ts';
import { ButtonLink } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { EditorStart } from './start/editor-start.tsx';
import { NewDeployment } from './start/new-deployment.tsx';

/** `name`: an existing deployment; absent: a new one. */
export function EditorPage({ name }: { name?: string }) {
  const loaded = useLoaded();
  const entry = useDeployment(name ?? '');
  const search = useSearchParams();
  const looksOnly = useMayNot('deploy');
  if (looksOnly)
    return (
      <PageShell title={name ?? 'New deployment'} back={{ href: '/deployments', label: 'Deployments' }}>
        <EmptyState
          title="You may look at deployments, not change them."
          text="Changing them takes the role operator. Ask whoever manages people here."
          actions={
            <ButtonLink look="primary" href={name ? `/deployments/${name}` : '/deployments'}>
              {name ? `To ${name}` : 'To the deployments'}
            </ButtonLink>
          }
        />
      </PageShell>
    );
  if (!loaded)
    return (
      <PageShell title={name ?? 'New deployment'} width="full">
        <p role="status" className="text-muted">
          Opening the editor …
        </p>
      </PageShell>
    );
  if (name === undefined) return <NewDeployment start={search.get('start') ?? undefined} />;
  if (!entry)
    return (
      <PageShell title={name} back={{ href: '/deployments', label: 'Deployments' }}>
        <EmptyState
          title={`There is no deployment called ${name}.`}
          text="It was deleted, or never stored under this name."
          actions={
            <ButtonLink look="primary" href="/deployments/new">
              New deployment
            </ButtonLink>
          }
        />
      </PageShell>
    );
  return <EditorStart key={name} entry={entry} revision={search.get('revision') ?? undefined} />;
}
