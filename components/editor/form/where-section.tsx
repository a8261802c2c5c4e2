'use client';
import { matchTargets } from '#contracts/deployment.ts';
import { chain, deleteIn, renameKey, setIn } from '../../manifest/edit-manifest.ts';
import { useEditing, useIssuesAt } from '../editing.ts';
import { DeviceChoice } from './device-choice.tsx';
import { FormSection } from './form-section.tsx';
import { IssueWords } from './issue-words.tsx';
import { LabelChoice } from './label-choice.tsx';
import { targetSentence } from './target-sentence.ts';

const NAMES = ['spec', 'targetDevices'] as const;
const LABELS = ['spec', 'targetSelector'] as const;

export function WhereSection() {
  const { form, edit, disabled, devices, manifest } = useEditing();
  const { target } = form;
  const specIssues = useIssuesAt(['spec'], 'own');
  const ownIssues = [...specIssues, ...useIssuesAt(NAMES, 'own')];

  function choose(kind: 'devices' | 'labels') {
    if (kind === target.kind) return;
    const [from, to, empty] = kind === 'labels' ? [NAMES, LABELS, {}] : [LABELS, NAMES, matching];
    edit((text) =>
      target.kind === 'none'
        ? setIn(text, to, empty)
        : chain(
            text,
            (now) => deleteIn(now, to),
            (now) => renameKey(now, from, to[1]),
            (now) => setIn(now, to, empty),
          ),
    );
  }

  const spec =
    target.kind === 'labels' ? { targetSelector: Object.fromEntries(target.labels.map(({ key, value }) => [key, value])) } : {};
  const matching = target.kind === 'devices' ? target.names.filter(Boolean) : matchTargets(spec, devices);
  const readable = manifest.readable;
  return (
    <FormSection title="Where">
      <fieldset disabled={disabled} className="flex flex-wrap gap-x-5 gap-y-1">
        <legend className="sr-only">How devices are chosen</legend>
        <Choice label="Devices by name" checked={target.kind === 'devices'} onChoose={() => choose('devices')} />
        <Choice label="Devices by labels" checked={target.kind === 'labels'} onChoose={() => choose('labels')} />
      </fieldset>
      {target.kind === 'devices' ? <DeviceChoice names={target.names} /> : null}
      {target.kind === 'labels' ? <LabelChoice labels={target.labels} /> : null}
      <IssueWords issues={ownIssues} />
      {readable && matching.length > 0 ? (
        <p className="text-15 text-muted">{targetSentence(matching, devices, target.kind === 'labels')}</p>
      ) : null}
    </FormSection>
  );
}

function Choice({ label, checked, onChoose }: { label: string; checked: boolean; onChoose: () => void }) {
  return (
    <label className="inline-flex min-h-9 items-center gap-2 touch:min-h-11">
      <input type="radio" name="target" className="size-4 accent-accent" checked={checked} onChange={onChoose} />
      {label}
    </label>
  );
}
