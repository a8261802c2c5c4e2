'use client';
/** Overtaken: somebody else deployed while this draft was written. Says who, shows what differs, and never overwrites by itself. */
import { useState } from 'react';
import type { DeploymentEntry } from '#contracts/api.ts';
import { ChangeList } from '../manifest/change-list.tsx';
import { changesBetween } from '../manifest/changes.ts';
import { DiffView } from '../manifest/diff-view.tsx';
import { namedTargetChanges } from '../manifest/named-targets.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import { authorOf, manifestOf, messageOf } from '../manifest/stored-manifest.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { clock } from '../ui/words.ts';
import { putOnTop } from './put-on-top.ts';
import { type Base, type EditorDraft, plainLines } from './use-draft.ts';

interface OvertakenProps {
  draft: EditorDraft;
  /** What is stored now. */
  entry: DeploymentEntry | undefined;
  onReview: () => void;
}

export function Overtaken({ draft, entry, onReview }: OvertakenProps) {
  const [looking, setLooking] = useState(false);
  const { base } = draft;
  if (!entry || !base || !isOvertaken(base, entry)) return null;
  const { deployment, revision } = entry;
  const theirs = plainLines(manifestOf(deployment));
  const { generation, creationTimestamp } = deployment.metadata;
  const message = messageOf(deployment);
  const mine = () => {
    draft.rebase({ revision, text: theirs }, putOnTop(base.text, theirs, draft.text));
    setLooking(false);
    onReview();
  };
  const take = () => {
    draft.rebase({ revision, text: theirs }, theirs);
    setLooking(false);
  };
  return (
    <>
      <ErrorNote
        severity="warning"
        fact={`${authorOf(deployment)} deployed #${generation ?? revision} meanwhile${creationTimestamp ? `, ${clock(Date.parse(creationTimestamp))}` : ''}${message ? `: “${message}”` : ''}.`}
        effect="Your draft started before that. Nothing of it is lost, and nothing was overwritten."
        action={
          <span className="flex flex-wrap gap-2">
            <Button onClick={() => setLooking(true)}>Look at theirs</Button>
            <Button onClick={mine}>Put mine on top</Button>
          </span>
        }
      />
      <Dialog
        open={looking}
        onOpenChange={setLooking}
        size="lg"
        title={`What ${authorOf(deployment)} changed`}
        footer={
          <>
            <Button onClick={take}>Take theirs, drop my draft</Button>
            <Button look="primary" onClick={mine}>
              Put mine on top
            </Button>
          </>
        }
      >
        <TheirChanges before={base.text} theirs={theirs} mine={draft.text} />
      </Dialog>
    </>
  );
}

export const isOvertaken = (base: Base | undefined, entry: DeploymentEntry | undefined): boolean =>
  base !== undefined && entry !== undefined && entry.revision !== base.revision;

function TheirChanges({ before, theirs, mine }: { before: string; theirs: string; mine: string }) {
  const old = readManifest(before).value;
  const now = readManifest(theirs).value;
  return (
    <div className="flex flex-col gap-4">
      <ChangeList
        changes={changesBetween(old, now, namedTargetChanges(old, now))}
        none="What runs is the same. Only the text differs."
      />
      <h3 className="font-semibold">From theirs to yours</h3>
      <DiffView before={theirs} after={mine} />
    </div>
  );
}
