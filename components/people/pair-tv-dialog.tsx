'use client';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { MAIN_WALL } from '#contracts/wall.ts';
import { peopleApi } from '../live/people-api.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import { WallSelect } from './wall-select.tsx';

interface PairTvDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const FORM_ID = 'pair-tv';
const CODE_LENGTH = 6;

/** The code of a TV, what to call it, and the wall it shows. */
export function PairTvDialog({ open, onOpenChange }: PairTvDialogProps) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Pair a TV"
      description="Open /tv in the browser of the TV. It shows a code."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button look="primary" type="submit" form={FORM_ID} busy={busy && 'Pairing …'}>
            Pair the TV
          </Button>
        </>
      }
    >
      <PairTvForm onBusy={setBusy} onPaired={() => onOpenChange(false)} />
    </Dialog>
  );
}

function PairTvForm({ onBusy, onPaired }: { onBusy: (busy: boolean) => void; onPaired: () => void }) {
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const [title, setTitle] = useState('');
  const [wall, setWall] = useState<string>(MAIN_WALL);
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState<unknown>();
  const codeField = useRef<HTMLInputElement>(null);
  const titleField = useRef<HTMLInputElement>(null);
  const typed = code.replace(/[\s-]/g, '');
  const codeIssue = asked && typed.length !== CODE_LENGTH ? `The code has ${CODE_LENGTH} characters.` : undefined;
  const titleIssue = asked && title.trim() === '' ? 'Say which TV it is, for example Hall.' : undefined;

  async function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (typed.length !== CODE_LENGTH) return codeField.current?.focus();
    if (title.trim() === '') return titleField.current?.focus();
    onBusy(true);
    setError(undefined);
    try {
      await peopleApi.approveTv(typed, { title: title.trim(), wall });
      toast({ title: `${title.trim()} shows the wall in a few seconds.` });
      await queries.invalidateQueries({ queryKey: ['tvs'] });
      onPaired();
    } catch (failure) {
      setError(failure);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={FORM_ID} onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field label="Code on the TV" error={codeIssue}>
        {(control) => (
          <Input
            {...control}
            ref={codeField}
            className="font-mono uppercase [letter-spacing:0.2em]"
            value={code}
            maxLength={12}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      <Field label="Which TV it is" error={titleIssue}>
        {(control) => (
          <Input
            {...control}
            ref={titleField}
            value={title}
            maxLength={40}
            placeholder="Hall"
            autoComplete="off"
            onChange={(event) => setTitle(event.target.value)}
          />
        )}
      </Field>
      <Field label="Wall it shows">{(control) => <WallSelect {...control} value={wall} onChoose={setWall} />}</Field>
      {error ? <ErrorNote error={error} /> : null}
    </form>
  );
}
