'use client';
import { useState } from 'react';
import { setGlances, useGlancesOn } from '../live/glances-setting.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { KEY_TABLE } from './key-table.ts';
import { setLetters, useLetters } from './letters.ts';

/** The sheet of keys: searchable, and where single letters are switched off. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  const [search, setSearch] = useState('');
  const letters = useLetters();
  const glances = useGlancesOn();
  const groups = KEY_TABLE.map(({ place, lines }) => ({
    place,
    lines: lines.filter(({ keys, does }) => `${keys.join(' ')} ${does}`.toLowerCase().includes(search.toLowerCase())),
  })).filter(({ lines }) => lines.length > 0);
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title="Keys" size="lg">
      <div className="flex flex-col gap-5">
        <div className="flex flex-wrap items-center gap-x-6 gap-y-2 print:hidden">
          <Field label="Find a key" hideLabel className="flex-1 basis-56">
            {(control) => (
              <Input
                {...control}
                type="search"
                placeholder="Find a key"
                value={search}
                onChange={(event) => setSearch(event.target.value)}
              />
            )}
          </Field>
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              className="size-5 accent-accent"
              checked={letters}
              onChange={(event) => setLetters(event.target.checked)}
            />
            Single letters act
          </label>
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              className="size-5 accent-accent"
              checked={glances}
              onChange={(event) => setGlances(event.target.checked)}
            />
            Glances
          </label>
        </div>
        {groups.length === 0 ? <p className="text-muted">No key for “{search}”.</p> : null}
        <div className="gap-x-10 sm:columns-2">
          {groups.map(({ place, lines }) => (
            <section key={place} className="mb-5 break-inside-avoid">
              <h3 className="mb-1.5 text-13 font-semibold text-muted">{place}</h3>
              <dl>
                {lines.map(({ keys, does }) => (
                  <div key={does} className="flex min-h-8 items-center gap-3 border-b border-line py-1">
                    <dt className="flex w-32 shrink-0 gap-1">
                      {keys.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
