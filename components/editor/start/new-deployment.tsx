'use client';
/** NewDeployment: goes on with the draft of last time, or asks how to begin. */
import { useState } from 'react';
import { useDevices } from '../../live/use-wall.ts';
import { PageShell } from '../../ui/page-shell.tsx';
import type { ComposeNote } from '../compose/compose-note.ts';
import { ComposeNotes } from '../compose/compose-notes.tsx';
import { loadDraft } from '../draft.ts';
import type { DraftStart } from '../use-draft.ts';
import { Workspace } from '../workspace.tsx';
import { PasteCompose } from './paste-compose.tsx';
import { StartChoices, type StartKind } from './start-choices.tsx';
import { blankManifest, helloManifest } from './start-manifests.ts';

interface Begun {
  start: DraftStart;
  notes: readonly ComposeNote[];
}

export function NewDeployment({ start: wanted }: { start: string | undefined }) {
  const devices = useDevices();
  const names = devices.map((device) => device.name);
  const [draft, setDraft] = useState(() => loadDraft(''));
  const [begun, setBegun] = useState<Begun | undefined>(() => begin(wanted, names));
  const [pasting, setPasting] = useState(wanted === 'compose');

  const choose = (kind: StartKind) => (kind === 'compose' ? setPasting(true) : setBegun(begin(kind, names)));
  if (begun)
    return (
      <Workspace
        entry={undefined}
        start={begun.start}
        notice={begun.notes.length > 0 ? <ComposeNotes notes={begun.notes} /> : null}
        onDiscarded={() => {
          setDraft(undefined);
          setBegun(undefined);
        }}
      />
    );
  return (
    <PageShell title="New deployment" back={{ href: '/deployments', label: 'Deployments' }}>
      <StartChoices
        draft={draft}
        onChoose={choose}
        onGoOn={() => draft && setBegun({ start: { text: draft.text, base: undefined, savedAt: draft.savedAt }, notes: [] })}
      />
      <PasteCompose
        open={pasting}
        onOpenChange={setPasting}
        onImported={(text, notes) => {
          setPasting(false);
          setBegun({ start: { text, base: undefined }, notes });
        }}
      />
    </PageShell>
  );
}

function begin(kind: string | undefined, devices: readonly string[]): Begun | undefined {
  if (kind === 'hello') return { start: { text: helloManifest(devices), base: undefined }, notes: [] };
  if (kind === 'blank') return { start: { text: blankManifest(), base: undefined }, notes: [] };
  return undefined;
}
