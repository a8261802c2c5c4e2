'use client';
/** Text between this browser and a desktop: each way only when somebody says so. */
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import { plural } from '../ui/words.ts';

export function ClipboardOffer({ device, text, onDone }: { device: string; text: string; onDone: () => void }) {
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      toast('Copied.');
    } catch {
      toast({ title: 'Your browser blocks copying here.', text: 'Open the page over https.' });
    }
    onDone();
  }
  return (
    <div role="status" className="flex flex-wrap items-center gap-3 rounded-ctl bg-raised px-3 py-2">
      <span className="flex-1">
        {device} offers {plural(text.length, 'character')} for your clipboard.
      </span>
      <Button onClick={copy}>Copy them</Button>
      <Button look="quiet" onClick={onDone}>
        No
      </Button>
    </div>
  );
}

interface ClipboardDialogProps {
  device: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Takes the focus, in place of the button that opened it. */
  onClosed: () => void;
  onSend: (text: string) => void;
}

export function ClipboardDialog({ device, open, onOpenChange, onClosed, onSend }: ClipboardDialogProps) {
  const [text, setText] = useState('');
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      onClosed={onClosed}
      title={`Text for the clipboard of ${device}`}
      description="It is put there, and nothing is pressed: paste it on the desktop."
      footer={
        <Button
          look="primary"
          disabled={text === ''}
          onClick={() => {
            onSend(text);
            setText('');
            onOpenChange(false);
          }}
        >
          Give it {plural(text.length, 'character')}
        </Button>
      }
    >
      <Field label="Text">
        {(control) => <Textarea {...control} value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
    </Dialog>
  );
}
