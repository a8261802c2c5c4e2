'use client';
import type { DeviceIdentity } from '#contracts/api-identity.ts';
import type { HistoryFlaw } from '#roadchain/verify-history.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { StatusShape } from '../ui/status-shape.tsx';
import { forgetPinned } from './pinned-ledger.ts';
import { useVerifiedHistory } from './use-verified-history.ts';

/** Whether what the hub says of this device is true as far as mathematics can tell, found out in this browser. */
export function HistoryBadge({ identity }: { identity: DeviceIdentity }) {
  const history = useVerifiedHistory(identity);
  if (history.error)
    return (
      <ErrorNote
        severity="warning"
        fact="The proof of this history could not be read."
        effect="Nothing is known to be wrong. It is tried again when you press the button."
        action={<Button onClick={() => history.refetch()}>Try again</Button>}
      />
    );
  const { data } = history;
  if (!data) return history.isLoading ? <p className="text-muted">Checking it in this browser …</p> : null;
  if (data.ok)
    return (
      <p role="status" className="flex items-center gap-2">
        <StatusShape health="running" />
        <span>
          Verified in this browser to entry {data.size}.{' '}
          <span className="text-muted">
            {data.whole ? 'Every key follows from the one before.' : 'Older keys than these are not shown.'}
          </span>
        </span>
      </p>
    );
  const { fact, effect } = wordsOf(data.flaw, data.seq);
  return (
    <ErrorNote
      fact={fact}
      effect={effect}
      action={
        data.flaw === 'other-fleet' ? (
          <Button
            onClick={() => {
              forgetPinned();
              void history.refetch();
            }}
          >
            I set this hub up anew
          </Button>
        ) : (
          <Button onClick={() => history.refetch()}>Check again</Button>
        )
      }
    />
  );
}

function wordsOf(flaw: HistoryFlaw, seq: number | undefined): { fact: string; effect: string } {
  switch (flaw) {
    case 'shrunk':
    case 'rewritten':
      return {
        fact: 'The hub shows another history than before.',
        effect:
          'This browser has seen entries that are gone or changed. Devices keep running. Ask whoever runs the hub whether a backup was restored; if not, somebody has changed its records.',
      };
    case 'other-fleet':
      return {
        fact: 'This hub has another key than the one this browser saw here before.',
        effect: 'That is right where the hub was set up anew. If it was not, do not sign in here before you know why.',
      };
    case 'checkpoint':
      return {
        fact: 'The state of the ledger is not signed by this hub.',
        effect: 'What is shown here cannot be checked. Devices keep running. Reload the page; if it stays, look at the hub.',
      };
    default:
      return {
        fact: `Entry ${seq ?? ''} of this history does not hold.`,
        effect: `Its proof is wrong (${flaw}). Devices keep running what they have. Compare the fingerprints with the device: scorewall-agent identity.`,
      };
  }
}
