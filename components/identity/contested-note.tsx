'use client';
import { useMutation } from '@tanstack/react-query';
import type { DeviceIdentity } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import { identityApi } from '../live/identity-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';

interface ContestedNoteProps {
  identity: DeviceIdentity;
  mayDecide: boolean;
  onChange: () => void;
  onKeepOut: () => void;
}

/** Somebody showed a key of this device that is not its last one: a restored backup, or a copy. One press decides. */
export function ContestedNote({ identity, mayDecide, onChange, onKeepOut }: ContestedNoteProps) {
  const shown = displayName(identity.device);
  const trust = useMutation({ mutationFn: () => identityApi.clear(identity.device), onSuccess: onChange });
  return (
    <>
      <ErrorNote
        fact="Identity check failed."
        effect={`${identity.why ?? `A key of ${shown} was shown that does not follow its last one.`} Who showed it is refused; what runs on ${shown} keeps running. This happens after a restored backup, or when its disk was copied.`}
        action={
          mayDecide ? (
            <span className="flex flex-wrap gap-2">
              <Button look="primary" onClick={() => trust.mutate()} busy={trust.isPending && 'Trusting it again …'}>
                The one that runs is right
              </Button>
              <Button look="danger" onClick={onKeepOut}>
                Keep out
              </Button>
            </span>
          ) : null
        }
      />
      {trust.error ? <ErrorNote error={trust.error} /> : null}
    </>
  );
}
