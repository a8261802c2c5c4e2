'use client';
/** One search over the whole stored history of many devices: each searches its own, the page merges by time and says who did not answer. */
import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { displayName } from '#contracts/device.ts';
import { useDevices, useLoaded } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Field, Input } from '../ui/field.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { plural } from '../ui/words.ts';
import { DeviceProgress } from './device-progress.tsx';
import { LogsView } from './logs-view.tsx';
import { type QueryText, toQuery } from './query.ts';
import { Switch } from './search-bar.tsx';

interface Asked extends QueryText {
  /** Words that a device's name or labels contain; empty: all. */
  where: string;
}

const NOTHING: Asked = { pattern: '', regex: false, caseSensitive: false, where: '' };

export function FleetLogs() {
  const all = useDevices();
  const loaded = useLoaded();
  const [draft, setDraft] = useState(NOTHING);
  const [asked, setAsked] = useState<Asked>();
  useEffect(() => {
    const linked = ofAddress();
    setDraft(linked);
    if (linked.pattern) setAsked(linked);
  }, []);

  const chosen = all.filter((device) => fits(device, draft.where)).map(({ name }) => name);
  const problem = toQuery(draft);
  const error = problem && 'error' in problem ? problem.error : undefined;
  const names = JSON.stringify(all.filter((device) => asked && fits(device, asked.where)).map(({ name }) => name));
  const devices = useMemo(() => (JSON.parse(names) as string[]).map((device) => ({ device })), [names]);
  const search = useMemo(
    () => asked && { pattern: asked.pattern, regex: asked.regex, caseSensitive: asked.caseSensitive },
    [asked],
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!draft.pattern || error || chosen.length === 0) return;
    setAsked({ ...draft });
    window.history.replaceState(null, '', toAddress(draft));
  }

  return (
    <PageShell title="Logs" width="full" note="Searches everything the devices keep, on the devices.">
      <form onSubmit={submit} className="mb-4 flex flex-wrap items-end gap-3">
        <Field label="Find" className="min-w-0 flex-1 basis-72 max-sm:basis-56" error={error}>
          {(control) => (
            <Input
              {...control}
              type="search"
              className="font-mono"
              maxLength={500}
              spellCheck={false}
              autoComplete="off"
              value={draft.pattern}
              onChange={(event) => setDraft({ ...draft, pattern: event.target.value })}
            />
          )}
        </Field>
        <span className="flex gap-1.5">
          <Switch label="Regular expression" on={draft.regex} onClick={() => setDraft({ ...draft, regex: !draft.regex })}>
            .*
          </Switch>
          <Switch
            label="Capitals matter"
            on={draft.caseSensitive}
            onClick={() => setDraft({ ...draft, caseSensitive: !draft.caseSensitive })}
          >
            Aa
          </Switch>
        </span>
        <Field label="On devices with this in their name or labels" className="basis-72 max-sm:basis-full">
          {(control) => (
            <Input
              {...control}
              placeholder="All devices"
              value={draft.where}
              onChange={(event) => setDraft({ ...draft, where: event.target.value })}
            />
          )}
        </Field>
        <Button type="submit" look="primary" disabled={!draft.pattern || Boolean(error) || chosen.length === 0}>
          Search {plural(chosen.length, 'device')}
        </Button>
      </form>
      {loaded && chosen.length === 0 ? (
        <p role="status">
          No device has “{draft.where}” in its name or labels.{' '}
          <Button look="quiet" onClick={() => setDraft({ ...draft, where: '' })}>
            Clear filter
          </Button>
        </p>
      ) : null}
      {search && devices.length > 0 ? (
        <div className="h-[calc(100dvh-16rem)] min-h-96 max-sm:min-h-160">
          <LogsView
            key={JSON.stringify([search, names])}
            label={`Logs of ${devices.length === 1 ? displayName(devices[0]!.device) : plural(devices.length, 'device')}`}
            devices={devices}
            merged
            search={search}
            empty={<p>No lines yet from these devices.</p>}
          >
            {(feeds) => <DeviceProgress feeds={feeds} />}
          </LogsView>
        </div>
      ) : (
        <EmptyState
          title="Find a line anywhere in the fleet."
          text="Every device keeps the last lines of its services, also of those that are gone. Type a word or an expression; each device looks through its own."
        />
      )}
    </PageShell>
  );
}

function fits({ name, labels }: { name: string; labels: Readonly<Record<string, string>> }, where: string): boolean {
  const words = where.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [name, ...Object.entries(labels).map(([key, value]) => `${key}:${value} ${key}: ${value} ${key}=${value}`)]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function ofAddress(): Asked {
  const asked = new URLSearchParams(window.location.search);
  return {
    pattern: asked.get('find') ?? '',
    regex: asked.has('regex'),
    caseSensitive: asked.has('case'),
    where: asked.get('on') ?? '',
  };
}

function toAddress({ pattern, regex, caseSensitive, where }: Asked): string {
  const asked = new URLSearchParams({ find: pattern });
  if (regex) asked.set('regex', '');
  if (caseSensitive) asked.set('case', '');
  if (where) asked.set('on', where);
  return `/logs?${asked}`;
}
