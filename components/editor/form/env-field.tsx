'use client';
/** EnvField: environment variables, name and value side by side, for both ways the manifest may write them. */
import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { appendTo, deleteIn, renameKey, setIn } from '../../manifest/edit-manifest.ts';
import type { EnvEntry, ServiceForm } from '../../manifest/form-model.ts';
import type { Path } from '../../manifest/locate.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { dataPath, useEditing, useIssuesAt } from '../editing.ts';
import { IssueWords } from './issue-words.tsx';

interface EnvFieldProps {
  path: Path;
  env: ServiceForm['env'];
}

export function EnvField({ path, env }: EnvFieldProps) {
  const { edit, disabled } = useEditing();
  const issues = useIssuesAt(path, 'own');
  const names = env.entries.map((entry) => entry.name);

  function add() {
    const name = freshName(names);
    edit((text) => (env.kind === 'list' ? appendTo(text, path, `${name}=`) : setIn(text, [...path, name], '')));
  }

  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5" data-path={dataPath(path)}>
      <legend className="mb-1 text-13 font-semibold text-muted">Environment</legend>
      {env.entries.map((entry, index) => (
        <EnvRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a name changes while it is typed; the place stays
          key={index}
          path={[...path, env.kind === 'list' ? index : entry.name]}
          kind={env.kind}
          entry={entry}
          others={names.filter((_, other) => other !== index)}
          isNew={isFresh(entry)}
        />
      ))}
      <IssueWords issues={issues} />
      <Button look="quiet" className="self-start" disabled={disabled} onClick={add}>
        <Plus size={18} strokeWidth={1.75} aria-hidden />
        Add variable
      </Button>
    </fieldset>
  );
}

const FRESH = 'NAME';
const isFresh = (entry: EnvEntry) => new RegExp(`^${FRESH}(_\\d+)?$`).test(entry.name) && !entry.value;

function freshName(names: readonly string[]): string {
  let name = FRESH;
  for (let count = 2; names.includes(name); count++) name = `${FRESH}_${count}`;
  return name;
}

interface EnvRowProps {
  path: Path;
  kind: ServiceForm['env']['kind'];
  entry: EnvEntry;
  others: readonly string[];
  isNew: boolean;
}

function EnvRow({ path, kind, entry, others, isNew }: EnvRowProps) {
  const { edit, disabled } = useEditing();
  const issues = useIssuesAt(path);
  // A name is written when the field is left: half a name may be another variable's.
  const [name, setName] = useState<string>();
  const id = useId();
  const taken = name !== undefined && others.includes(name);

  function rename() {
    setName(undefined);
    if (name === undefined || name === entry.name || name === '' || taken) return;
    edit((text) => (kind === 'list' ? setIn(text, path, `${name}=${entry.value ?? ''}`) : renameKey(text, path, name)));
  }

  const control = {
    disabled,
    autoComplete: 'off',
    spellCheck: false,
    className: 'control w-full min-w-0 font-mono text-13',
  } as const;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center gap-2">
        <input
          {...control}
          aria-label={`Name of variable ${entry.name}`}
          aria-invalid={taken || undefined}
          aria-describedby={`${id}-issues`}
          value={name ?? entry.name}
          // biome-ignore lint/a11y/noAutofocus: the person just asked for this row
          autoFocus={isNew}
          onFocus={(event) => isNew && event.target.select()}
          onChange={(event) => setName(event.target.value)}
          onBlur={rename}
          onKeyDown={(event) => event.key === 'Enter' && rename()}
        />
        <span aria-hidden>=</span>
        <input
          {...control}
          aria-label={`Value of ${entry.name}`}
          data-path={dataPath(path)}
          value={entry.value ?? ''}
          onChange={(event) => {
            const value = event.target.value;
            edit((text) => setIn(text, path, kind === 'list' ? `${entry.name}=${value}` : value));
          }}
        />
        <IconButton
          label={`Remove variable ${entry.name}`}
          disabled={disabled}
          onClick={() => edit((text) => deleteIn(text, path))}
        >
          <X size={18} strokeWidth={1.75} />
        </IconButton>
      </div>
      {taken ? (
        <p id={`${id}-issues`} role="alert" className="text-13">
          {name} is there already. Choose another name.
        </p>
      ) : (
        <IssueWords id={`${id}-issues`} issues={issues} />
      )}
    </div>
  );
}
