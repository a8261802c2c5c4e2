'use client';
/** Workspace: the editor's two halves, the draft around them, and the way to the review. */
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { DeploymentEntry } from '#contracts/api.ts';
import { changesBetween } from '../manifest/changes.ts';
import { pathAt, rangeOf } from '../manifest/locate.ts';
import { namedTargetChanges } from '../manifest/named-targets.ts';
import { type ManifestIssue, readManifest } from '../manifest/read-manifest.ts';
import { Button } from '../ui/button.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { clockWithSeconds, plural } from '../ui/words.ts';
import { ChangesPane } from './changes-pane.tsx';
import { EditingContext } from './editing.ts';
import { focusField, pathOfFocus } from './focus-field.ts';
import { DeploymentForm } from './form/deployment-form.tsx';
import { Overtaken } from './overtaken.tsx';
import { type Pane, PaneChoice } from './pane-choice.tsx';
import { ProblemList } from './problem-list.tsx';
import { ReviewPage } from './review/review-page.tsx';
import { type DraftStart, useDraft } from './use-draft.ts';
import { useEditingState } from './use-editing.ts';
import { useEditorKeys } from './use-editor-keys.ts';
import { useFleet } from './use-fleet.ts';
import type { YamlPaneHandle } from './yaml/yaml-pane.tsx';

const YamlPane = dynamic(() => import('./yaml/yaml-pane.tsx').then((module) => module.YamlPane), {
  ssr: false,
  loading: () => <p className="p-4 text-muted">Opening the YAML …</p>,
});

interface WorkspaceProps {
  /** Absent: a new deployment. */
  entry: DeploymentEntry | undefined;
  start: DraftStart;
  /** Stands above the form, for example what a compose file could not bring along. */
  notice?: React.ReactNode;
  openReview?: boolean;
  onDiscarded: () => void;
}

export function Workspace({ entry, start, notice, openReview = false, onDiscarded }: WorkspaceProps) {
  const existing = entry?.deployment.metadata.name;
  const router = useRouter();
  const draft = useDraft(existing ?? '', start);
  const fleet = useFleet();
  const editing = useEditingState(draft, existing, fleet);
  const [step, setStep] = useState<'edit' | 'review'>(openReview ? 'review' : 'edit');
  const [pane, setPane] = useState<Pane>('form');
  const yaml = useRef<YamlPaneHandle>(null);
  const { manifest, form, blocked, issues } = editing;

  const baseValue = useMemo(() => (draft.base ? readManifest(draft.base.text).value : undefined), [draft.base]);
  const changes = useMemo(
    () =>
      manifest.readable ? changesBetween(baseValue, manifest.value, namedTargetChanges(baseValue ?? {}, manifest.value)) : [],
    [baseValue, manifest],
  );

  const [wanted, setWanted] = useState<ManifestIssue>();
  useEffect(() => {
    // The pane may only now become visible: a hidden editor takes no focus.
    if (wanted) yaml.current?.show(wanted);
  }, [wanted]);
  const show = (issue: ManifestIssue | undefined) => {
    if (!issue) return;
    setPane('yaml');
    setWanted({ ...issue });
  };

  const idle = draft.base !== undefined && !draft.changed;
  const review = () => (blocked ? show(issues[0]) : idle ? undefined : setStep('review'));
  useEditorKeys({
    save: draft.save,
    review: step === 'edit' ? review : undefined,
    nextProblem: () => show(issues[0]),
    toYaml: () => {
      const path = pathOfFocus();
      if (path && manifest.document) show({ ...rangeOf(manifest.document, path, manifest.text) } as ManifestIssue);
    },
  });

  if (step === 'review')
    return (
      <ReviewPage
        draft={draft}
        entry={entry}
        name={form.name}
        onBack={() => setStep('edit')}
        onDeployed={(name) => {
          draft.discard();
          router.push(`/deployments/${name}`);
        }}
      />
    );

  const reviewWords = blocked
    ? `Show ${plural(issues.filter((issue) => issue.severity === 'error').length, 'problem')}`
    : !draft.base
      ? 'Review'
      : draft.changed
        ? `Review: ${plural(changes.length, 'change')}`
        : 'No changes yet';
  return (
    <PageShell
      title={existing ?? 'New deployment'}
      back={existing ? { href: `/deployments/${existing}`, label: existing } : { href: '/deployments', label: 'Deployments' }}
      width="full"
      note={<DraftNote savedAt={draft.savedAt} stored={draft.stored} base={existing !== undefined} />}
      actions={
        <>
          {draft.savedAt ? (
            <Button
              look="quiet"
              onClick={() => {
                draft.discard();
                onDiscarded();
              }}
            >
              Discard draft
            </Button>
          ) : null}
          <Button look={blocked || idle ? 'plain' : 'primary'} disabled={idle && !blocked} onClick={review} title="Ctrl+Enter">
            {reviewWords}
          </Button>
        </>
      }
    >
      <EditingContext value={editing}>
        <div className="flex flex-col gap-3">
          {notice}
          <Overtaken draft={draft} entry={entry} onReview={() => setStep('review')} />
          <PaneChoice pane={pane} onChange={setPane} changes={changes.length} />
          <div className="grid gap-4 lg:h-[calc(100dvh-12.5rem)] lg:min-h-[32rem] lg:grid-cols-2">
            <div
              className={
                pane === 'form' ? 'min-h-0 lg:overflow-y-auto lg:pr-2' : 'min-h-0 max-lg:hidden lg:overflow-y-auto lg:pr-2'
              }
            >
              <DeploymentForm onShowProblem={() => show(issues[0])} />
            </div>
            <div
              className={`flex min-h-0 flex-col overflow-hidden rounded-tile border border-line ${pane === 'form' ? 'max-lg:hidden' : ''} max-lg:h-[70dvh]`}
            >
              <div className={pane === 'changes' ? 'hidden' : 'min-h-0 flex-1'}>
                <YamlPane
                  handle={yaml}
                  base={draft.base?.text}
                  onToForm={(offset) => {
                    if (!manifest.document) return;
                    setPane('form');
                    focusField(pathAt(manifest.document, offset));
                  }}
                />
              </div>
              {pane === 'changes' ? <ChangesPane changes={changes} base={draft.base?.text} text={draft.text} /> : null}
              <ProblemList onShow={show} />
            </div>
          </div>
        </div>
      </EditingContext>
    </PageShell>
  );
}

function DraftNote({ savedAt, stored, base }: { savedAt: number | undefined; stored: boolean; base: boolean }) {
  if (!savedAt) return base ? 'As it is deployed' : 'Nothing is deployed yet';
  return stored
    ? `Draft, saved ${clockWithSeconds(savedAt)}`
    : 'Draft. This browser stores nothing: it is lost when the page closes';
}
