'use client';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { deleteIn, setIn } from '../../manifest/edit-manifest.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { dataPath, useEditing, useIssuesAt } from '../editing.ts';
import type { EditorDevice } from '../use-fleet.ts';
import { IssueWords } from './issue-words.tsx';
import { TextField } from './text-field.tsx';

const PATH = ['spec', 'targetSelector'] as const;

interface Label {
  key: string;
  value: string;
}

export function LabelChoice({ labels }: { labels: readonly Label[] }) {
  const { devices, edit, disabled } = useEditing();
  const issues = useIssuesAt(PATH, 'own');
  const open = suggestions(devices).filter(
    ({ key, value }) => !labels.some((label) => label.key === key && label.value === value),
  );
  const remove = (key: string) => edit((text) => (labels.length === 1 ? setIn(text, PATH, {}) : deleteIn(text, [...PATH, key])));
  return (
    <div className="flex flex-col gap-2" data-path={dataPath(PATH)}>
      {labels.map(({ key, value }) => (
        <div key={key} className="flex items-start gap-2">
          <span className="min-h-9 shrink-0 content-center font-mono text-15">{key}:</span>
          <TextField
            label={`Value of ${key}`}
            hideLabel
            required
            className="flex-1"
            path={[...PATH, key]}
            value={value}
            suggestions={valuesOf(devices, key)}
          />
          <IconButton label={`Remove label ${key}`} disabled={disabled} onClick={() => remove(key)}>
            <X size={18} strokeWidth={1.75} />
          </IconButton>
        </div>
      ))}
      <IssueWords issues={issues} />
      {open.length > 0 ? (
        <ul aria-label="Labels of your devices" className="flex flex-wrap gap-2">
          {open.map(({ key, value }) => (
            <li key={`${key}: ${value}`}>
              <Button disabled={disabled} onClick={() => edit((text) => setIn(text, [...PATH, key], value))}>
                <Plus size={18} strokeWidth={1.75} aria-hidden />
                {key}: {value}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <NewLabel taken={labels.map((label) => label.key)} />
      <p className="text-13 text-muted">A device must have all of these. One that gains them later gets it by itself.</p>
    </div>
  );
}

function NewLabel({ taken }: { taken: readonly string[] }) {
  const { edit, disabled } = useEditing();
  const [key, setKey] = useState('');
  const add = () => {
    if (!key || taken.includes(key)) return;
    edit((text) => setIn(text, [...PATH, key], ''));
    setKey('');
  };
  return (
    <div className="flex gap-2">
      <input
        aria-label="Another label"
        className="control min-w-0 flex-1"
        placeholder="role"
        value={key}
        disabled={disabled}
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setKey(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && add()}
      />
      <Button disabled={disabled || !key || taken.includes(key)} onClick={add}>
        Add label
      </Button>
    </div>
  );
}

const MAX_SUGGESTIONS = 8;

function suggestions(devices: readonly EditorDevice[]): Label[] {
  const found = new Map<string, Label>();
  for (const device of devices)
    for (const [key, value] of Object.entries(device.labels)) found.set(`${key}: ${value}`, { key, value });
  return [...found.values()].slice(0, MAX_SUGGESTIONS);
}

const valuesOf = (devices: readonly EditorDevice[], key: string): string[] => [
  ...new Set(devices.flatMap((device) => device.labels[key] ?? [])),
];
