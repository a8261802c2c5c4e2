'use client';
/** Asks before a deployment goes back to a revision that worked: what changes, and on which devices. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Review } from '#contracts/api.ts';
import { dryRunSum } from '../editor/review/deploy-words.ts';
import { ReviewIssues } from '../editor/review/review-issues.tsx';
import { api } from '../live/api-client.ts';
import { ChangeList } from '../manifest/change-list.tsx';
import { changesBetween } from '../manifest/changes.ts';
import { devices, names } from '../manifest/device-words.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { toastStore } from '../ui/toast-store.ts';
import type { WayBack } from './way-back.ts';

interface GoBackDialogProps {
  back: WayBack;
  onClose: () => void;
}

export function GoBackDialog({ back, onClose }: GoBackDialogProps) {
  const { deployment: name, generation } = back;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const tried = useQuery({
    queryKey: ['go-back', name, generation],
    queryFn: async ({ signal }) => {
      const { manifest } = await api.revision(name, generation, signal);
      return { manifest, review: await api.reviewDeployment(name, manifest, signal) };
    },
    staleTime: 0,
    gcTime: 0,
  });
  const { manifest, review } = tried.data ?? {};
  const ready = review?.changed && !review.issues.some(({ severity }) => severity === 'error');

  async function goBack() {
    if (!ready || manifest === undefined || review.currentRevision === null) return;
    setBusy(true);
    setError(undefined);
    try {
      const entry = await api.putDeployment(name, manifest, {
        ifMatch: review.currentRevision,
        message: `Back to #${generation}`,
      });
      tellDone(back, review, entry.revision);
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  }

  function lookAgain() {
    setError(undefined);
    void tried.refetch();
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Go back to #${generation}${review ? ` on ${devices(review.targets.length)}` : ''}?`}
      description={name}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!ready} busy={busy && 'Going back …'} onClick={() => void goBack()}>
            Go back to #{generation}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {tried.isPending ? (
          <p role="status" className="text-muted">
            Trying it without changing anything …
          </p>
        ) : null}
        {tried.error ? (
          <ErrorNote error={tried.error} action={<Button onClick={() => tried.refetch()}>Try again</Button>} />
        ) : null}
        {error ? <ErrorNote error={error} action={<Button onClick={lookAgain}>Look again</Button>} /> : null}
        {review && manifest !== undefined ? <Findings review={review} manifest={manifest} /> : null}
      </div>
    </Dialog>
  );
}

function Findings({ review, manifest }: { review: Review; manifest: string }) {
  const { issues, targets, removedFrom, currentManifest, changed } = review;
  if (!changed) return <p role="status">Nothing to change: exactly this is asked for now.</p>;
  const before = currentManifest === null ? undefined : readManifest(currentManifest).value;
  return (
    <>
      <ReviewIssues issues={issues} />
      <p>
        {targets.length > 0 ? <strong className="font-semibold">{names(targets.map(({ device }) => device))}. </strong> : null}
        {dryRunSum(review)}
      </p>
      <ChangeList
        changes={changesBetween(before, readManifest(manifest).value, { gained: [], lost: removedFrom })}
        none="What runs stays the same. Only the text of the manifest changes."
      />
    </>
  );
}

function tellDone({ deployment, generation }: WayBack, { currentManifest }: Review, revision: number): void {
  toastStore.add({
    title: `${deployment} is back on #${generation}.`,
    ...(currentManifest === null
      ? {}
      : {
          action: {
            label: 'Undo',
            onClick: () =>
              void api
                .putDeployment(deployment, currentManifest, {
                  ifMatch: revision,
                  message: `Not back to #${generation} after all`,
                })
                .catch((problem: Error) => toastStore.add({ title: problem.message })),
          },
        }),
  });
}
