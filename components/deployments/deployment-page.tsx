'use client';
import { MoreHorizontal } from 'lucide-react';
import { useState } from 'react';
import { usePanes } from '../live/panes.tsx';
import { useMay } from '../live/use-me.ts';
import { useDeployment, useLoaded, useNow } from '../live/use-wall.ts';
import { authorOf, manifestOf, messageOf } from '../manifest/stored-manifest.ts';
import { ButtonLink, IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Menu } from '../ui/menu.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { HealthWord } from '../ui/status-shape.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { since, zoned } from '../ui/words.ts';
import { DeleteDeployment } from './delete-deployment.tsx';
import { healthOfEntry, targetWords, troubleOf } from './deployment-words.ts';
import { DeviceStates } from './device-states.tsx';
import { ManifestView } from './manifest-view.tsx';
import { RevisionList } from './revision-list.tsx';
import { RowsLoading } from './rows-loading.tsx';
import { StateCounts } from './state-counts.tsx';

const CLOCK_MS = 60_000;

export function DeploymentPage({ name }: { name: string }) {
  const loaded = useLoaded();
  const entry = useDeployment(name);
  const now = useNow(CLOCK_MS);
  const [tab, setTab] = useState('devices');
  const [deleting, setDeleting] = useState(false);
  const { deploymentLogs: Logs } = usePanes();
  const mayDeploy = useMay('deploy');
  const back = { href: '/deployments', label: 'Deployments' };
  if (!entry)
    return (
      <PageShell title={name} back={back}>
        {loaded ? (
          <EmptyState
            title={`There is no deployment called ${name}.`}
            text="It was deleted, or never stored under this name."
            actions={
              <ButtonLink look="primary" href="/deployments">
                All deployments
              </ButtonLink>
            }
          />
        ) : (
          <RowsLoading what={name} />
        )}
      </PageShell>
    );
  const { deployment } = entry;
  const { metadata, spec } = deployment;
  const trouble = troubleOf(entry);
  const message = messageOf(deployment);
  return (
    <PageShell
      title={name}
      back={back}
      note={
        <span className="inline-flex flex-wrap items-center gap-x-4 gap-y-1">
          <HealthWord health={healthOfEntry(entry)} />
          <span>#{metadata.generation ?? 1}</span>
          <span title={metadata.creationTimestamp && zoned(Date.parse(metadata.creationTimestamp))}>
            by {authorOf(deployment)}
            {metadata.creationTimestamp ? `, ${since(Date.parse(metadata.creationTimestamp), now)}` : ''}
          </span>
          {message ? <span>“{message}”</span> : null}
        </span>
      }
      actions={
        mayDeploy ? (
          <>
            <ButtonLink look="primary" href={`/deployments/${name}/edit`}>
              Edit {name}
            </ButtonLink>
            <Menu
              trigger={
                <IconButton label={`More for ${name}`}>
                  <MoreHorizontal size={20} strokeWidth={1.75} />
                </IconButton>
              }
              items={[{ label: `Delete ${name}`, danger: true, onSelect: () => setDeleting(true) }]}
            />
          </>
        ) : null
      }
    >
      <div className="flex flex-col gap-4">
        {trouble ? <ErrorNote severity={trouble.severity} fact={trouble.fact} effect="" /> : null}
        <p className="flex flex-wrap gap-x-4 gap-y-1">
          <StateCounts aggregate={entry.status?.aggregate} />
          <span className="text-muted">{targetWords(spec)}</span>
        </p>
        <Tabs
          label={`Views of ${name}`}
          value={tab}
          onChange={setTab}
          panelClassName="pt-4"
          tabs={[
            { value: 'devices', label: 'Devices', content: <DeviceStates entry={entry} /> },
            {
              value: 'logs',
              label: 'Logs',
              content: (
                <div className="h-[calc(100dvh-12rem)] min-h-96 max-sm:min-h-160">
                  <Logs deployment={name} />
                </div>
              ),
            },
            { value: 'revisions', label: 'Revisions', content: <RevisionList entry={entry} /> },
            { value: 'yaml', label: 'YAML', content: <ManifestView name={name} text={manifestOf(deployment)} /> },
          ]}
        />
      </div>
      <DeleteDeployment entry={entry} open={deleting} onOpenChange={setDeleting} />
    </PageShell>
  );
}
