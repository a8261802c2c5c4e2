'use client';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { clock } from '../../ui/words.ts';
import type { Draft } from '../draft.ts';

export type StartKind = 'hello' | 'blank' | 'compose';

interface StartChoicesProps {
  draft: Draft | undefined;
  onChoose: (kind: StartKind) => void;
  onGoOn: () => void;
}

export function StartChoices({ draft, onChoose, onGoOn }: StartChoicesProps) {
  return (
    <EmptyState
      title={draft ? 'You have a draft here.' : 'How do you want to begin?'}
      text={
        draft
          ? `From ${clock(draft.savedAt)}, not deployed. A new beginning replaces it with your first change.`
          : 'The hello example runs a small page on port 8080. Everything can be changed before anything is deployed.'
      }
      actions={
        <>
          {draft ? (
            <Button look="primary" onClick={onGoOn}>
              Go on with the draft
            </Button>
          ) : null}
          <Button look={draft ? 'plain' : 'primary'} onClick={() => onChoose('hello')}>
            Use the hello example
          </Button>
          <Button onClick={() => onChoose('blank')}>Blank</Button>
          <Button onClick={() => onChoose('compose')}>Paste a compose file</Button>
        </>
      }
    />
  );
}
