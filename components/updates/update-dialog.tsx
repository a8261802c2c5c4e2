'use client';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { plural } from '../ui/words.ts';
import { byReason, type UpdateOffer } from './update-words.ts';
import { useUpdateSteps } from './use-updates.ts';

interface UpdateDialogProps {
  offer: UpdateOffer;
  onClose: () => void;
  onClosed: () => void;
}

/** What will happen, in plain words, before it does. */
export function UpdateDialog({ offer: { version, behind, byHand }, onClose, onClosed }: UpdateDialogProps) {
  const { start } = useUpdateSteps();
  const many = behind.length > 1;
  const devices = plural(behind.length, 'device');
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      onClosed={onClosed}
      title={`Update ${devices} to agent ${version}?`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            busy={start.isPending && 'Starting …'}
            onClick={() => start.mutate([...behind], { onSuccess: onClose })}
          >
            Update {devices}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <ul className="flex list-disc flex-col gap-1.5 pl-5">
          {many ? <li>One device gets it first, then a tenth of them, then the rest.</li> : null}
          <li>Containers and terminals keep running.</li>
          <li>
            A device on which the new agent does not report healthy goes back to the one before by itself
            {many ? '; then nobody else gets it until you say so.' : '.'}
          </li>
          <li>A device that is away gets it when it is back.</li>
        </ul>
        {byHand.length > 0 ? (
          <section aria-labelledby="by-hand" className="rounded-ctl bg-raised px-4 py-3">
            <h3 id="by-hand" className="text-13 font-semibold text-muted">
              Not from here: {plural(byHand.length, 'device')}
            </h3>
            <ul className="flex flex-col gap-1.5 pt-1.5">
              {byReason(byHand).map(({ why, names }) => (
                <li key={why}>
                  {why} <strong className="font-semibold">{names}.</strong>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
        {start.error ? <ErrorNote error={start.error} /> : null}
      </div>
    </Dialog>
  );
}
