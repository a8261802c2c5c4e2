'use client';
/** EditorStart: opens a stored deployment: at its draft, at what is stored, or at an older revision to go back to. */
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { DeploymentEntry } from '#contracts/api.ts';
import { api } from '../../live/api-client.ts';
import { manifestOf } from '../../manifest/stored-manifest.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { PageShell } from '../../ui/page-shell.tsx';
import { clock } from '../../ui/words.ts';
import { loadDraft } from '../draft.ts';
import { type DraftStart, plainLines } from '../use-draft.ts';
import { Workspace } from '../workspace.tsx';

interface EditorStartProps {
  entry: DeploymentEntry;
  /** Generation to go back to. */
  revision: string | undefined;
}

export function EditorStart({ entry, revision }: EditorStartProps) {
  return revision ? <GoBack entry={entry} generation={Number(revision)} /> : <Open entry={entry} />;
}

function Open({ entry }: { entry: DeploymentEntry }) {
  const [opened, setOpened] = useState(0);
  // Read once: what is stored may change while the person writes, and that is told instead of done.
  const [start, setStart] = useState(() => withDraft(entry));
  return (
    <Workspace
      key={opened}
      entry={entry}
      start={start}
      onDiscarded={() => {
        setStart(stored(entry));
        setOpened(opened + 1);
      }}
    />
  );
}

function GoBack({ entry, generation }: { entry: DeploymentEntry; generation: number }) {
  const { name } = entry.deployment.metadata;
  const router = useRouter();
  const [now] = useState(() => stored(entry));
  const draft = loadDraft(name);
  const wanted = useQuery({
    queryKey: ['revision', name, generation],
    queryFn: ({ signal }) => api.revision(name, generation, signal),
  });
  const back = { href: `/deployments/${name}`, label: name };
  if (wanted.error)
    return (
      <PageShell title={`Go back to #${generation}`} back={back}>
        <ErrorNote error={wanted.error} action={<Button onClick={() => wanted.refetch()}>Try again</Button>} />
      </PageShell>
    );
  if (!wanted.data)
    return (
      <PageShell title={`Go back to #${generation}`} back={back}>
        <p role="status" className="text-muted">
          Looking up #{generation} …
        </p>
      </PageShell>
    );
  return (
    <Workspace
      entry={entry}
      start={{ text: plainLines(wanted.data.manifest), base: now.base }}
      openReview
      notice={
        draft ? (
          <ErrorNote
            severity="warning"
            fact={`You have a draft of ${name} from ${clock(draft.savedAt)}.`}
            effect="It stays until you change something here."
            action={<ButtonLink href={`/deployments/${name}/edit`}>Open the draft</ButtonLink>}
          />
        ) : null
      }
      onDiscarded={() => router.push(`/deployments/${name}`)}
    />
  );
}

function stored({ deployment, revision }: DeploymentEntry): DraftStart & { base: { revision: number; text: string } } {
  const text = plainLines(manifestOf(deployment));
  return { text, base: { revision, text } };
}

function withDraft(entry: DeploymentEntry): DraftStart {
  const now = stored(entry);
  const draft = loadDraft(entry.deployment.metadata.name);
  if (!draft || draft.text === now.text) return now;
  const base = draft.baseRevision === undefined ? now.base : { revision: draft.baseRevision, text: draft.baseText ?? now.text };
  return { text: draft.text, base, savedAt: draft.savedAt };
}
