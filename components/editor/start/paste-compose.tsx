'use client';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Textarea } from '../../ui/field.tsx';
import type { ComposeNote } from '../compose/compose-note.ts';
import { importCompose } from '../compose/import-compose.ts';

interface PasteComposeProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onImported: (manifest: string, notes: readonly ComposeNote[]) => void;
}

export function PasteCompose({ open, onOpenChange, onImported }: PasteComposeProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  function take() {
    const imported = importCompose(text.replace(/\r\n?/g, '\n'));
    if (!imported.ok) return setError(imported.message);
    onImported(imported.manifest, imported.notes);
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="lg"
      modal={text ? 'strict' : 'light'}
      title="Paste a compose file"
      description="Its services become services here. What cannot be taken over is listed; nothing is deployed yet."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button look="primary" disabled={text.trim() === ''} onClick={take}>
            Take it over
          </Button>
        </>
      }
    >
      <Field label="compose.yaml" error={error}>
        {(control) => (
          <Textarea
            {...control}
            rows={14}
            className="font-mono text-13"
            value={text}
            spellCheck={false}
            placeholder={'services:\n  web:\n    image: nginx:alpine\n    ports: ["8080:80"]'}
            onChange={(event) => {
              setText(event.target.value);
              setError(undefined);
            }}
          />
        )}
      </Field>
    </Dialog>
  );
}
