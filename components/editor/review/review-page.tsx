'use client';
/** ReviewPage: what would change, as sentences; where it goes; one button that names its effect. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import type { DeploymentEntry, Review } from '#contracts/api.ts';
import { ProblemError } from '#contracts/problem.ts';
import { api } from '../../live/api-client.ts';
import { ChangeList } from '../../manifest/change-list.tsx';
import { changesBetween } from '../../manifest/changes.ts';
import { DiffView } from '../../manifest/diff-view.tsx';
import { readManifest } from '../../manifest/read-manifest.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { PageShell } from '../../ui/page-shell.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toast } from '../../ui/toast.tsx';
import { isOvertaken, Overtaken } from '../overtaken.tsx';
import type { EditorDraft } from '../use-draft.ts';
import { useEditorKeys } from '../use-editor-keys.ts';
import { deployWords, dryRunSum, nothingToChange } from './deploy-words.ts';
import { ReviewIssues } from './review-issues.tsx';

interface ReviewPageProps {
  draft: EditorDraft;
  /** What is stored now; absent for a new deployment. */
  entry: DeploymentEntry | undefined;
  name: string;
  onBack: () => void;
  onDeployed: (name: string) => void;
}

const MAX_MESSAGE = 200;

export function ReviewPage({ draft, entry: stored, name, onBack, onDeployed }: ReviewPageProps) {
  const { text, base } = draft;
  const [message, setMessage] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  // Our own revision arrives live before we leave this page: it must not look like somebody else's.
  const before = useRef(stored);
  if (!busy) before.current = stored;
  const entry = before.current;
  const review = useQuery({
    queryKey: ['review', name, text, entry?.revision],
    queryFn: ({ signal }) => api.reviewDeployment(name, text, signal),
    staleTime: 0,
  });
  const ready = review.data && !review.data.issues.some((issue) => issue.severity === 'error');
  const offered = Boolean(ready && review.data?.changed && !isOvertaken(base, entry));

  async function deploy() {
    if (!offered || busy || !review.data) return;
    setBusy(true);
    setError(undefined);
    try {
      await api.putDeployment(name, text, { ifMatch: base?.revision, message: message.trim() || undefined });
      toast({ title: `${name}: ${deployedWords(review.data)}` });
      onDeployed(name);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }
  useEditorKeys({ save: draft.save, review: deploy, nextProblem: onBack, toYaml: onBack });

  const overtaken = error instanceof ProblemError && error.code === 'precondition-failed';
  return (
    <PageShell
      title={`Review ${name}`}
      note={base ? 'Nothing is changed until you deploy.' : 'New. Nothing is deployed until you say so.'}
      actions={<Button onClick={onBack}>Back to the editor</Button>}
    >
      <div className="flex max-w-[56rem] flex-col gap-4">
        <Overtaken draft={draft} entry={entry} onReview={() => setError(undefined)} />
        {review.error ? (
          <ErrorNote error={review.error} action={<Button onClick={() => review.refetch()}>Try again</Button>} />
        ) : null}
        {overtaken && !entry ? (
          <ErrorNote fact={`${name} exists already.`} effect="Nothing was overwritten. Go back and choose another name." />
        ) : error && !overtaken ? (
          <ErrorNote error={error} />
        ) : null}
        {review.isPending ? (
          <p role="status" className="text-muted">
            Trying it without changing anything …
          </p>
        ) : null}
        {review.data ? <Findings review={review.data} draft={draft} entry={entry} /> : null}
        {review.data && !review.data.changed ? (
          <p role="status" className="text-17">
            {nothingToChange(entry?.status?.aggregate)}
          </p>
        ) : null}
        {offered && review.data ? (
          <form
            className="flex flex-wrap items-end gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              void deploy();
            }}
          >
            <Field label="Why (may stay empty)" className="min-w-0 flex-1 basis-72">
              {(control) => (
                <Input
                  {...control}
                  value={message}
                  maxLength={MAX_MESSAGE}
                  placeholder="New model, less false alarms"
                  onChange={(event) => setMessage(event.target.value)}
                />
              )}
            </Field>
            <Button type="submit" look="primary" busy={busy && 'Deploying …'} title="Ctrl+Enter">
              {deployWords(review.data)}
            </Button>
          </form>
        ) : null}
      </div>
    </PageShell>
  );
}

function Findings({ review, draft, entry }: { review: Review; draft: EditorDraft; entry: DeploymentEntry | undefined }) {
  const before = review.currentManifest ?? draft.base?.text;
  const changes = useMemo(() => {
    const old = before === undefined ? undefined : readManifest(before).value;
    const had = new Set(devicesOf(old, entry));
    const gained = review.targets.map((target) => target.device).filter((device) => !had.has(device));
    return changesBetween(old, readManifest(draft.text).value, { gained, lost: review.removedFrom });
  }, [before, draft.text, review, entry]);
  return (
    <>
      <ReviewIssues issues={review.issues} />
      {review.changed ? (
        <Panel title="What changes">
          <div className="flex flex-col gap-4">
            <ChangeList changes={changes} none="What runs stays the same. Only the text of the manifest changes." />
            {before === undefined ? null : (
              <details>
                <summary className="cursor-pointer text-15 text-muted">Line by line</summary>
                <div className="pt-3">
                  <DiffView before={before} after={draft.text} />
                </div>
              </details>
            )}
          </div>
        </Panel>
      ) : null}
      <Panel title="Where it goes">
        <p>{dryRunSum(review)}</p>
      </Panel>
    </>
  );
}

/** Devices it goes to now: named ones from the text; those of a selector are counted by the hub. */
function devicesOf(value: unknown, entry: DeploymentEntry | undefined): string[] {
  const named = (value as { spec?: { targetDevices?: unknown } } | undefined)?.spec?.targetDevices;
  return Array.isArray(named) ? named.map(String) : entry ? [] : [];
}

const deployedWords = (review: Review) =>
  review.targets.length === 0
    ? 'saved.'
    : `on its way to ${review.targets.length === 1 ? '1 device' : `${review.targets.length} devices`}.`;
