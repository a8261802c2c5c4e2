'use client';
import { displayName } from '#contracts/device.ts';
import { useDevice } from '../live/use-wall.ts';
import { Plate } from '../ui/plate.tsx';
import { StatusShape } from '../ui/status-shape.tsx';

/** Says the moment the new device is heard for the first time. */
export function HelloWatch({ name }: { name: string }) {
  const view = useDevice(name);
  const host = view?.status.value?.host;
  const said = view !== undefined && view.health !== 'not-seen';
  const machine = [host?.model, host?.arch].filter(Boolean).join(', ');
  return (
    <div
      role="status"
      className="flex items-center gap-3 rounded-ctl border border-line bg-raised px-4 py-3 [--shape-cut:var(--raised)]"
    >
      {said && view.device.value ? (
        <>
          <Plate name={name} seat={view.device.value.seat} />
          <p>
            <strong className="font-semibold">Welcome, {displayName(name)}.</strong>{' '}
            <span className="text-muted">It said hello{machine ? ` from ${machine}` : ''} and has its seat on the wall.</span>
          </p>
        </>
      ) : (
        <>
          <StatusShape health="not-seen" />
          <p>
            <strong className="font-semibold">Waiting for the first hello from {displayName(name)}.</strong>{' '}
            <span className="text-muted">You may close this; its seat on the wall waits too.</span>
          </p>
        </>
      )}
    </div>
  );
}
