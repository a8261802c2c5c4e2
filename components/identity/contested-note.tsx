'use client';
import { useMutation } from '@tanstack/react-query';
import type { DeviceIdentity } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import { identityApi } from '../live/identity-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { HolderChoice } from './holder-choice.tsx';

interface ContestedNoteProps {
  identity: DeviceIdentity;
  mayDecide: boolean;
  now: number;
  onChange: () => void;
  onKeepOut: () => void;
}

/** A key of this device was shown that is not its last one, or two have its last one: a restored backup, or a copy. One press decides. */
export function ContestedNote({ identity, mayDecide, now, onChange, onKeepOut }: ContestedNoteProps) {
  const { device, why, holders = [] } = identity;
  const shown = displayName(device);
  const trust = useMutation({ mutationFn: (holder?: string) => identityApi.clear(device, holder), onSettled: onChange });
  const several = holders.length > 1;
  const effect = several
    ? `${holders.length} devices are connected as ${shown} with the same key: its disk was copied. What runs on them keeps running, and none of them gets anything new until you say which one is right.`
    : `${why ?? `A key of ${shown} was shown that does not follow its last one.`} Who showed it is refused; what runs on ${shown} keeps running, and it gets nothing new until you decide. This happens after a restored backup, or when its disk was copied.`;
  return (
    <>
      <ErrorNote
        fact="Identity check failed."
        effect={effect}
        action={
          mayDecide ? (
            <span className="flex flex-wrap gap-2">
              {several ? null : (
                <Button look="primary" onClick={() => trust.mutate(undefined)} busy={trust.isPending && 'Trusting it again …'}>
                  The one that runs is right
                </Button>
              )}
              <Button look="danger" onClick={onKeepOut}>
                {several ? 'Keep all of them out' : 'Keep out'}
              </Button>
            </span>
          ) : null
        }
      />
      {several ? (
        <HolderChoice identity={identity} mayDecide={mayDecide} now={now} isPending={trust.isPending} onChoose={trust.mutate} />
      ) : null}
      {trust.error ? <ErrorNote error={trust.error} /> : null}
    </>
  );
}
