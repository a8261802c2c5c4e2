import { Button } from '../ui/button.tsx';
import { PasskeyNote } from './passkey-note.tsx';
import { useDoors } from './use-doors.ts';

interface OtherDoorsProps {
  busy: string | undefined;
  onPasskey: () => void;
  onProvider: () => void;
}

/** The ways in besides a password. Their room is kept until it is known which there are, so that nothing moves. */
export function OtherDoors({ busy, onPasskey, onProvider }: OtherDoorsProps) {
  const doors = useDoors();
  const place = doors?.place ?? 'ready';
  return (
    <div className="flex min-h-[6.75rem] touch:min-h-[7.5rem] flex-col gap-3 border-t border-line pt-4" aria-busy={!doors}>
      {doors ? (
        <div className="flex flex-wrap gap-3 *:flex-1">
          {place === 'ready' ? (
            <Button disabled={busy !== undefined} busy={busy === 'passkey' && 'Waiting for it …'} onClick={onPasskey}>
              Use a passkey
            </Button>
          ) : null}
          {doors.oidc ? (
            <Button disabled={busy !== undefined} busy={busy === 'provider' && 'Going there …'} onClick={onProvider}>
              <span className="truncate">Sign in with {doors.oidc.name}</span>
            </Button>
          ) : null}
        </div>
      ) : null}
      {doors && place !== 'ready' ? (
        <div className="text-13 text-muted">
          <PasskeyNote place={place} hosts={doors.hosts} hasCa={doors.ca !== undefined} />
        </div>
      ) : null}
    </div>
  );
}
