'use client';
/** What is about to be pasted, where a line break in it would run something or it holds what cannot be seen. */
import { useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CodeBlock } from '../ui/scroll-region.tsx';
import { plural, size } from '../ui/words.ts';
import { holdsControls, visible } from './paste.ts';

const SHOWN = 20_000;

interface PasteDialogProps {
  device: string;
  text: string;
  onDone: (send: boolean) => void;
}

export function PasteDialog({ device, text, onDone }: PasteDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  const lines = text.replace(/\r?\n$/, '').split(/\r\n|\r|\n/).length;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onDone(false)}
      title={`Paste ${plural(lines, 'line')} to ${device}?`}
      description={[
        /[\r\n]/.test(text) ? 'Every line break runs what stands before it.' : '',
        holdsControls(text) ? 'It holds characters that cannot be seen; here they have names.' : '',
      ]
        .join(' ')
        .trim()}
      modal="strict"
      initialFocus={cancel}
      footer={
        <>
          <Button ref={cancel} onClick={() => onDone(false)}>
            Cancel
          </Button>
          <Button look="primary" onClick={() => onDone(true)}>
            Paste {plural(lines, 'line')}
          </Button>
        </>
      }
    >
      <CodeBlock label="What would be pasted" text={visible(text.slice(0, SHOWN))} className="max-h-[50dvh]" />
      {text.length > SHOWN ? <p className="mt-2 text-13 text-muted">And {size(text.length - SHOWN)} more.</p> : null}
    </Dialog>
  );
}
