'use client';
import { useState } from 'react';
import { api } from '../live/api-client.ts';
import { Field, Input } from '../ui/field.tsx';
import { LinkForm } from './link-form.tsx';

const DEFAULT_NAME = 'Workshop';

/** The owner's link: names the wall. */
export function StartForm() {
  const [wallName, setWallName] = useState(DEFAULT_NAME);
  return (
    <LinkForm
      kind="owner"
      title="Your wall"
      note="This link makes you the owner."
      incomplete="Your devices are not affected. Copy the whole line that was printed, or run npx scorewall owner-link on the hub’s machine for a new one."
      finish={(token, way) => api.makeOwner({ token, ...way, wallName: wallName.trim() || DEFAULT_NAME })}
    >
      <Field label="Name your wall">
        {(control) => (
          <Input {...control} name="wall" maxLength={40} value={wallName} onChange={(event) => setWallName(event.target.value)} />
        )}
      </Field>
    </LinkForm>
  );
}
