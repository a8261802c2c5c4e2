'use client';
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { splitWords } from '../../manifest/command-line.ts';
import { deleteIn, moveItem } from '../../manifest/edit-manifest.ts';
import { SERVICES_PATH, type ServiceForm } from '../../manifest/form-model.ts';
import { IconButton } from '../../ui/button.tsx';
import { useEditing, useIssuesAt } from '../editing.ts';
import { EnvField } from './env-field.tsx';
import { Folded } from './folded.tsx';
import { HealthFields } from './health-fields.tsx';
import { IssueWords } from './issue-words.tsx';
import { ListField } from './list-field.tsx';
import { RestartField } from './restart-field.tsx';
import { asNumber, TextField } from './text-field.tsx';

interface ServiceCardProps {
  service: ServiceForm;
  count: number;
}

export function ServiceCard({ service, count }: ServiceCardProps) {
  const { edit, disabled } = useEditing();
  const { path, index, name } = service;
  const title = name || `Service ${index + 1}`;
  const move = (to: number) => edit((text) => moveItem(text, SERVICES_PATH, index, to));
  function onKeyDown(event: KeyboardEvent) {
    if (!event.altKey || disabled || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(index + (event.key === 'ArrowUp' ? -1 : 1));
  }
  return (
    <article
      aria-label={`Service ${title}`}
      className="rounded-tile border border-line bg-surface px-4 pt-2 pb-3"
      onKeyDown={onKeyDown}
    >
      <header className="flex items-center gap-1">
        <h3 className="min-w-0 flex-1 truncate text-17 font-semibold">{title}</h3>
        {count > 1 ? (
          <>
            <IconButton label={`Move ${title} up`} disabled={disabled || index === 0} onClick={() => move(index - 1)}>
              <ArrowUp size={18} strokeWidth={1.75} />
            </IconButton>
            <IconButton label={`Move ${title} down`} disabled={disabled || index === count - 1} onClick={() => move(index + 1)}>
              <ArrowDown size={18} strokeWidth={1.75} />
            </IconButton>
          </>
        ) : null}
        <IconButton label={`Remove service ${title}`} disabled={disabled} onClick={() => edit((text) => deleteIn(text, path))}>
          <Trash2 size={18} strokeWidth={1.75} />
        </IconButton>
      </header>
      <div className="flex flex-col gap-3 pt-2">
        <ServiceIssues path={path} />
        <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
          <TextField label="Name" path={[...path, 'name']} value={name} required placeholder="hello" />
          <TextField
            label="Image"
            path={[...path, 'image']}
            value={service.image}
            required
            placeholder="docker.io/library/nginx:alpine"
          />
        </div>
        <ListField
          label="Ports"
          word="port"
          path={[...path, 'ports']}
          entries={service.ports}
          placeholder="8080:80"
          hint="Port of the device, then port of the service."
        />
        <EnvField path={[...path, 'env']} env={service.env} />
      </div>
      <div className="mt-3">
        <MoreFields service={service} />
      </div>
      {service.others.length > 0 ? (
        <p className="border-t border-line pt-2 text-13 text-muted">In the YAML only: {service.others.join(', ')}.</p>
      ) : null}
    </article>
  );
}

/** Issues of the service that no field shows: unknown keys, fields that only the YAML has. */
const SHOWN = [
  'name',
  'image',
  'ports',
  'env',
  'volumes',
  'devices',
  'command',
  'restart',
  'stopTimeoutSeconds',
  'healthcheck',
  'resources',
];

function ServiceIssues({ path }: { path: ServiceForm['path'] }) {
  const issues = useIssuesAt(path).filter((issue) => !SHOWN.includes(String(issue.path[path.length])));
  return <IssueWords issues={issues} />;
}

function MoreFields({ service }: { service: ServiceForm }) {
  const { path, healthcheck, limits } = service;
  const volumesWrong = useHasIssues(path, 'volumes');
  const devicesWrong = useHasIssues(path, 'devices');
  const healthWrong = useHasIssues(path, 'healthcheck');
  const limitsWrong = useHasIssues(path, 'resources');
  const runWrong = [useHasIssues(path, 'restart'), useHasIssues(path, 'command'), useHasIssues(path, 'stopTimeoutSeconds')].some(
    Boolean,
  );
  return (
    <>
      <Folded title="Volumes" note={countNote(service.volumes.length)} open={volumesWrong}>
        <ListField
          label="Volumes"
          word="volume"
          path={[...path, 'volumes']}
          entries={service.volumes}
          placeholder="data:/var/lib/data"
          hint="A name or a path of the device, then the path in the service. End with :ro to make it read-only."
        />
      </Folded>
      <Folded title="Health check" note={healthcheck.test} open={healthWrong}>
        <HealthFields path={[...path, 'healthcheck']} healthcheck={healthcheck} />
      </Folded>
      <Folded
        title="Limits"
        note={[limits.cpus && `${limits.cpus} cores`, limits.memory].filter(Boolean).join(', ')}
        open={limitsWrong}
      >
        <div className="grid gap-3 sm:grid-cols-3">
          <TextField
            label="Processor cores"
            path={[...path, 'resources', 'limits', 'cpus']}
            value={limits.cpus}
            placeholder="1.5"
            write={asNumber}
          />
          <TextField label="Memory" path={[...path, 'resources', 'limits', 'memory']} value={limits.memory} placeholder="512m" />
          <TextField
            label="Processes"
            path={[...path, 'resources', 'limits', 'pids']}
            value={limits.pids}
            placeholder="200"
            write={asNumber}
          />
        </div>
      </Folded>
      <Folded title="Start and stop" note={[service.restart, service.command].filter(Boolean).join(', ')} open={runWrong}>
        <RestartField path={[...path, 'restart']} value={service.restart} />
        <TextField
          label="Command"
          path={[...path, 'command']}
          value={service.command}
          placeholder="serve --fast"
          hint="Instead of the image's own command."
          {...(service.commandIsList ? { write: splitWords } : {})}
        />
        <TextField
          label="Seconds to stop by itself"
          path={[...path, 'stopTimeoutSeconds']}
          value={service.stopTimeoutSeconds}
          placeholder="300"
          hint="It is asked to stop; after this time it is ended."
          write={asNumber}
        />
      </Folded>
      <Folded title="Devices" note={countNote(service.devices.length)} open={devicesWrong}>
        <ListField
          label="Device files of the machine"
          word="device file"
          path={[...path, 'devices']}
          entries={service.devices}
          placeholder="/dev/hailo0"
        />
      </Folded>
    </>
  );
}

const useHasIssues = (path: ServiceForm['path'], key: string) => useIssuesAt([...path, key]).length > 0;
const countNote = (count: number) => (count > 0 ? String(count) : undefined);
