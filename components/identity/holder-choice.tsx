'use client';
import { useId } from 'react';
import type { DeviceIdentity } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import { Button } from '../ui/button.tsx';
import { since, zoned } from '../ui/words.ts';

interface HolderChoiceProps {
  identity: DeviceIdentity;
  mayDecide: boolean;
  now: number;
  isPending: boolean;
  onChoose: (holder: string) => void;
}

/** Those that are connected with one key, with what tells them apart, and a button on each. */
export function HolderChoice({ identity, mayDecide, now, isPending, onChoose }: HolderChoiceProps) {
  const { device, holders = [], chosen } = identity;
  const id = useId();
  return (
    <ul aria-label={`Connected as ${displayName(device)}`} className="flex flex-col gap-2">
      {holders.map(({ holder, address = 'an address nobody told', connectedSince, current }) => (
        <li
          key={holder}
          className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-ctl border border-line-strong bg-raised px-4 py-3"
        >
          <span id={`${id}-${holder}`} className="min-w-0 flex-1 basis-64">
            <strong className="font-semibold font-mono">{address}</strong>{' '}
            <span className="text-muted">
              connected since{' '}
              <time dateTime={connectedSince} title={zoned(Date.parse(connectedSince))}>
                {since(Date.parse(connectedSince), now)}
              </time>
              {current ? ', was here first' : ', came later'}
            </span>
          </span>
          {mayDecide ? (
            <Button
              aria-describedby={`${id}-${holder}`}
              onClick={() => onChoose(holder)}
              disabled={isPending}
              busy={chosen === holder && 'Gets its next key …'}
            >
              This is the right one
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
