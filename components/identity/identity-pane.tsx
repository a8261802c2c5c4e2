'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceIdentity, NewJoin } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import { identityApi } from '../live/identity-api.ts';
import { useMay } from '../live/use-me.ts';
import { useNow } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Panel } from '../ui/panel.tsx';
import { CodeBlock } from '../ui/scroll-region.tsx';
import { toast } from '../ui/toast.tsx';
import { age, plural, since } from '../ui/words.ts';
import { readEntry, summarize } from './chain-entries.ts';
import { ChainTiles } from './chain-tiles.tsx';
import { ContestedNote } from './contested-note.tsx';
import { HistoryBadge } from './history-badge.tsx';
import { KeepOutDialog } from './keep-out-dialog.tsx';
import { RotateAllDialog } from './rotate-all-dialog.tsx';

const LOOK_MS = 5_000;
const LOOK_WHILE_ROTATING_MS = 500;
const CLOCK_MS = 1_000;

/** How a device proves who it is: its chain of keys, checked here, and what can be done about it. */
export function IdentityPane({ device: name }: { device: string }) {
  const identity = useQuery({
    queryKey: ['identity', name],
    queryFn: ({ signal }) => identityApi.identity(name, signal),
    refetchInterval: ({ state }) => (state.data?.rotating ? LOOK_WHILE_ROTATING_MS : LOOK_MS),
  });
  if (identity.data) return <Identity identity={identity.data} onChange={() => void identity.refetch()} />;
  return (
    <Panel title="Identity">
      {identity.error ? (
        <ErrorNote error={identity.error} action={<Button onClick={() => identity.refetch()}>Try again</Button>} />
      ) : (
        <p role="status" className="text-muted">
          Reading its chain …
        </p>
      )}
    </Panel>
  );
}

function Identity({ identity, onChange }: { identity: DeviceIdentity; onChange: () => void }) {
  const { device, standing, source } = identity;
  const now = useNow(CLOCK_MS);
  const manages = useMay('manage');
  const [open, setOpen] = useState<'keep-out' | 'rotate-all'>();
  const [back, setBack] = useState<NewJoin>();
  const rotate = useMutation({
    mutationFn: () => identityApi.rotate(device),
    onSuccess: () => {
      toast(`${displayName(device)} makes itself a new key.`);
      onChange();
    },
  });
  const takeBack = useMutation({ mutationFn: () => identityApi.takeBack(device), onSuccess: setBack });
  const entries = identity.entries.flatMap(({ seq, entry }) => readEntry(seq, entry) ?? []);
  return (
    <Panel
      title="Identity"
      aside={
        source !== 'toml-shared' && manages ? (
          <span className="flex flex-wrap gap-2">
            {source === 'roadchain' && standing === 'active' ? (
              <Button onClick={() => rotate.mutate()} busy={(rotate.isPending || identity.rotating) && 'Renewing …'}>
                Renew now
              </Button>
            ) : null}
            {source === 'roadchain' ? (
              <Button look="quiet" onClick={() => setOpen('rotate-all')}>
                Renew every device
              </Button>
            ) : null}
            {standing === 'kept-out' ? (
              // Once there is a line, to copy it is what comes next.
              <Button
                look={back ? 'plain' : 'primary'}
                onClick={() => takeBack.mutate()}
                busy={takeBack.isPending && 'Making a line …'}
              >
                Take it back
              </Button>
            ) : null}
            {/* While it is contested, the question below has this answer too. */}
            {standing === 'active' ? (
              <Button look="danger" onClick={() => setOpen('keep-out')}>
                Keep out
              </Button>
            ) : null}
          </span>
        ) : null
      }
    >
      <div className="flex flex-col gap-4">
        {standing === 'contested' ? (
          <ContestedNote
            identity={identity}
            mayDecide={manages}
            now={now}
            onChange={onChange}
            onKeepOut={() => setOpen('keep-out')}
          />
        ) : null}
        {standing === 'kept-out' ? (
          <ErrorNote
            severity="warning"
            fact={`${displayName(device)} is kept out.`}
            effect={`${identity.why ? `${identity.why} ` : ''}Nothing is sent to it, and nothing it says is believed.`}
          />
        ) : null}
        {source === 'roadchain' ? (
          <>
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Summary entries={entries} standing={standing} now={now} />
              {identity.lastTickAt ? (
                <span className="text-muted tabular-nums" suppressHydrationWarning>
                  Last proof {age(now - Date.parse(identity.lastTickAt))} ago.
                </span>
              ) : null}
            </p>
            <ChainTiles device={device} entries={entries} now={now} />
            <HistoryBadge identity={identity} />
          </>
        ) : (
          <p>{SOURCE_WORDS[source]}</p>
        )}
        {rotate.error || takeBack.error ? <ErrorNote error={rotate.error ?? takeBack.error} /> : null}
        {back ? <BackLine made={back} /> : null}
      </div>
      <KeepOutDialog
        name={device}
        open={open === 'keep-out'}
        onOpenChange={(next) => setOpen(next ? 'keep-out' : undefined)}
        onDone={onChange}
      />
      <RotateAllDialog
        open={open === 'rotate-all'}
        onOpenChange={(next) => setOpen(next ? 'rotate-all' : undefined)}
        onDone={onChange}
      />
    </Panel>
  );
}

const SOURCE_WORDS: Record<DeviceIdentity['source'], string> = {
  roadchain: '',
  creds:
    'It has one key, from files that somebody carried there, and keeps it until it gets new ones. A device that joins by a pasted line renews its key every day, and a copy of it is found.',
  'toml-shared':
    'It shares a name and a password with other devices. That is for a lab: anybody who has them can speak as this device.',
  oidc: 'It proves who it is to your identity provider, which decides what it may be.',
};

function Summary({
  entries,
  standing,
  now,
}: {
  entries: readonly ReturnType<typeof readEntry>[];
  standing: DeviceIdentity['standing'];
  now: number;
}) {
  const { since: from, renewals } = summarize(entries.filter((entry) => entry !== undefined));
  if (!from) return <span>Its chain begins with its next contact.</span>;
  const held = standing === 'active' ? 'Unbroken' : 'Its own';
  return (
    <strong className="font-semibold">
      {held} since {since(Date.parse(from), now)}, {plural(renewals, 'renewal')}.
    </strong>
  );
}

function BackLine({ made }: { made: NewJoin }) {
  return (
    <div className="flex flex-col gap-2" role="status">
      <p>Run this on the device. Its name and its history go on; its old keys stay refused.</p>
      <div className="flex items-start gap-2 max-sm:flex-col">
        <CodeBlock label="The line for the device" text={made.line} className="min-w-0 flex-1 max-sm:w-full" />
        <CopyButton text={made.line} look="primary" />
      </div>
    </div>
  );
}
