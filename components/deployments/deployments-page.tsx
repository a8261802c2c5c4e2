'use client';
import { Plus } from 'lucide-react';
import { useDeployments } from '../live/use-deployments.ts';
import { useMay } from '../live/use-me.ts';
import { useLoaded } from '../live/use-wall.ts';
import { ButtonLink } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { DeploymentRow } from './deployment-row.tsx';
import { RowsLoading } from './rows-loading.tsx';

export function DeploymentsPage() {
  const loaded = useLoaded();
  const deployments = useDeployments();
  const mayDeploy = useMay('deploy');
  const empty = loaded && deployments.length === 0;
  return (
    <PageShell
      title="Deployments"
      actions={
        empty || !mayDeploy ? null : (
          <ButtonLink look="primary" href="/deployments/new">
            <Plus size={20} strokeWidth={1.75} aria-hidden />
            New deployment
          </ButtonLink>
        )
      }
    >
      {loaded ? null : <RowsLoading what="deployments" />}
      {empty ? <NothingYet mayDeploy={mayDeploy} /> : null}
      {deployments.length > 0 ? (
        <ul className="flex flex-col gap-2">
          {deployments.map((entry) => (
            <li key={entry.deployment.metadata.name}>
              <DeploymentRow entry={entry} />
            </li>
          ))}
        </ul>
      ) : null}
    </PageShell>
  );
}

function NothingYet({ mayDeploy }: { mayDeploy: boolean }) {
  if (!mayDeploy)
    return (
      <EmptyState
        title="Nothing deployed from here yet."
        text="What is deployed shows here, with how far it is on each device."
      />
    );
  return (
    <EmptyState
      title="Nothing deployed from here yet."
      text="Start with a service that says hello on port 8080."
      actions={
        <>
          <ButtonLink look="primary" href="/deployments/new?start=hello">
            Use the hello example
          </ButtonLink>
          <ButtonLink href="/deployments/new?start=blank">Blank</ButtonLink>
          <ButtonLink href="/deployments/new?start=compose">Paste a compose file</ButtonLink>
        </>
      }
    />
  );
}
