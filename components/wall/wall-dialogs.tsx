'use client';
/** The questions about walls and places: what a new wall is called, its other name, whether it goes, and where a tile moves to. */
import { useRouter } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import type { Device } from '#contracts/device.ts';
import { displayName } from '#contracts/device-words.ts';
import { isName } from '#contracts/name.ts';
import { MAIN_WALL } from '#contracts/wall-defaults.ts';
import { api } from '../live/api-client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { toastStore } from '../ui/toast-store.ts';
import type { WallSettings } from './use-wall-settings.ts';
import { pathOf, type WallQuestion } from './wall-menu.tsx';

interface WallDialogProps {
  question: WallQuestion;
  settings: WallSettings;
  find: string;
  onClose: () => void;
}

const TITLES: Readonly<Record<WallQuestion, string>> = {
  new: 'Save as a new wall',
  rename: 'Rename this wall',
  delete: 'Delete this wall',
};

export function WallDialog({ question, settings, find, onClose }: WallDialogProps) {
  const { wall, entries, put } = settings;
  const router = useRouter();
  const id = useId();
  const [title, setTitle] = useState(question === 'rename' ? wall.title : '');
  const [filter, setFilter] = useState(find || wall.filter);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const name = nameFor(title);
  const taken = question === 'new' && entries.some((entry) => entry.wall.name === name);

  async function answer(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      if (question === 'new') {
        put(await api.putWall({ ...wall, name, title: title.trim(), filter }, 0));
        router.push(pathOf(name));
      } else if (question === 'rename') settings.change({ title: title.trim() });
      else {
        const revision = entries.find((entry) => entry.wall.name === wall.name)?.revision ?? 0;
        await api.deleteWall(wall.name, revision);
        const { title: gone } = wall;
        router.push(pathOf(MAIN_WALL));
        settings.reload();
        toastStore.add({
          title: `${gone} is deleted.`,
          text: 'Its devices stay as they are.',
          action: { label: 'Undo', onClick: () => void api.putWall(wall, 0).then(put) },
        });
      }
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={TITLES[question]}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={id}
            look={question === 'delete' ? 'danger' : 'primary'}
            disabled={busy || taken || (question !== 'delete' && !isName(name))}
          >
            {question === 'new' ? 'Save the wall' : question === 'rename' ? 'Rename' : `Delete ${wall.title}`}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={(event) => void answer(event)} className="flex flex-col gap-4">
        {question === 'delete' ? (
          <p>Everybody loses this wall: its order, filter and faces. Its devices stay as they are, and on the other walls.</p>
        ) : (
          <Field
            label="Name of the wall"
            hint={question === 'new' && name ? `Its address: ${pathOf(name)}` : undefined}
            error={taken ? 'There is a wall at this address already. Choose another name.' : undefined}
          >
            {(control) => (
              <Input {...control} required maxLength={40} value={title} onChange={(event) => setTitle(event.target.value)} />
            )}
          </Field>
        )}
        {question === 'new' ? (
          <Field
            label="Show only devices with (may stay empty)"
            hint="Words of names and labels, for example: role:camera berlin"
          >
            {(control) => (
              <Input {...control} maxLength={200} value={filter} onChange={(event) => setFilter(event.target.value)} />
            )}
          </Field>
        ) : null}
        {error ? <ErrorNote error={error} /> : null}
      </form>
    </Dialog>
  );
}

/** `Front of House` stands at `/w/front-of-house`. */
function nameFor(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}

interface MoveDialogProps {
  name: string;
  /** As they stand now. */
  devices: readonly Device[];
  onSwap: (a: string, b: string) => void;
  onClose: () => void;
}

export function MoveDialog({ name, devices, onSwap, onClose }: MoveDialogProps) {
  const id = useId();
  const others = devices.map(({ name: one }, index) => ({ one, place: index + 1 })).filter(({ one }) => one !== name);
  const [to, setTo] = useState(others[0]?.one ?? '');
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Move ${displayName(name)}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} look="primary" disabled={!to}>
            Move here
          </Button>
        </>
      }
    >
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault();
          onSwap(name, to);
          onClose();
        }}
      >
        <Field label="To the place of" hint="The two tiles change places.">
          {(control) => (
            <Select {...control} value={to} onChange={(event) => setTo(event.target.value)}>
              {others.map(({ one, place }) => (
                <option key={one} value={one}>
                  {place}. {displayName(one)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  );
}
