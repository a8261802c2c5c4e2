'use client';
import { X } from 'lucide-react';
import { useState } from 'react';
import { displayName } from '#contracts/device.ts';
import { HEALTH_WORDS } from '#contracts/health.ts';
import { appendTo, deleteIn, setIn } from '../../manifest/edit-manifest.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Input } from '../../ui/field.tsx';
import { Plate } from '../../ui/plate.tsx';
import { StatusShape } from '../../ui/status-shape.tsx';
import { dataPath, useEditing, useIssuesAt } from '../editing.ts';
import type { EditorDevice } from '../use-fleet.ts';
import { IssueWords } from './issue-words.tsx';

const PATH = ['spec', 'targetDevices'] as const;
/** From here on a person looks for a name instead of reading all. */
const FILTER_FROM = 13;

export function DeviceChoice({ names }: { names: readonly string[] }) {
  const { devices, edit, disabled } = useEditing();
  const [filter, setFilter] = useState('');
  const shown = devices.filter(
    (device) => device.name.includes(filter.toLowerCase()) || displayName(device.name).includes(filter),
  );
  const strangers = names.flatMap((name, index) => (devices.some((device) => device.name === name) ? [] : [{ name, index }]));
  const all = devices.every((device) => names.includes(device.name));

  const toggle = (name: string) => {
    const at = names.indexOf(name);
    edit((text) =>
      at < 0 ? appendTo(text, PATH, name) : names.length === 1 ? setIn(text, PATH, []) : deleteIn(text, [...PATH, at]),
    );
  };

  return (
    <div className="flex flex-col gap-2" data-path={dataPath(PATH)}>
      {devices.length >= FILTER_FROM ? (
        <Input
          aria-label="Find a device"
          placeholder="Find a device"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      ) : null}
      {devices.length === 0 ? <p className="text-muted">No device is on the wall yet.</p> : null}
      <ul aria-label="Devices" className="flex max-h-64 flex-wrap gap-2 overflow-y-auto p-1">
        {shown.map((device) => (
          <li key={device.name}>
            <DeviceChip
              device={device}
              chosen={names.includes(device.name)}
              disabled={disabled}
              onToggle={() => toggle(device.name)}
            />
          </li>
        ))}
      </ul>
      {strangers.map(({ name, index }) => (
        <Stranger key={`${name} ${index}`} name={name} index={index} onRemove={() => toggle(name)} />
      ))}
      {devices.length > 1 ? (
        <Button
          look="quiet"
          className="self-start"
          disabled={disabled}
          onClick={() => edit((text) => setIn(text, PATH, all ? [] : devices.map((device) => device.name)))}
        >
          {all ? 'None of them' : `All ${devices.length}`}
        </Button>
      ) : null}
    </div>
  );
}

interface DeviceChipProps {
  device: EditorDevice;
  chosen: boolean;
  disabled: boolean;
  onToggle: () => void;
}

function DeviceChip({ device, chosen, disabled, onToggle }: DeviceChipProps) {
  return (
    <label
      className={classNames(
        'inline-flex min-h-9 items-center gap-2 rounded-ctl border py-1 pr-3 pl-2 touch:min-h-11',
        chosen ? 'border-accent bg-raised [--shape-cut:var(--raised)]' : 'border-line-strong',
      )}
    >
      <input type="checkbox" className="size-4 accent-accent" checked={chosen} disabled={disabled} onChange={onToggle} />
      <Plate name={device.name} seat={device.seat} size="sm" />
      {displayName(device.name)}
      {device.health === 'running' ? null : <StatusShape health={device.health} size={16} title={HEALTH_WORDS[device.health]} />}
    </label>
  );
}

function Stranger({ name, index, onRemove }: { name: string; index: number; onRemove: () => void }) {
  const { disabled } = useEditing();
  const issues = useIssuesAt([...PATH, index]);
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <p className="font-mono text-15">{name || 'empty'}</p>
        <IssueWords issues={issues} />
      </div>
      <IconButton label={`Leave ${name} out`} disabled={disabled} onClick={onRemove}>
        <X size={18} strokeWidth={1.75} />
      </IconButton>
    </div>
  );
}
