'use client';
import { useMutation } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { identityApi } from '../live/identity-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { type JoinOptions, JoinOptionsForm } from './join-options.tsx';
import { JoinPanel } from './join-panel.tsx';

/** A line that is good for one device, made as soon as this opens. A line that is replaced is withdrawn. */
export function JoinDialogBody({
  focus,
  onReady,
}: {
  focus: RefObject<HTMLDivElement | null>;
  onReady: (device: string) => void;
}) {
  const [options, setOptions] = useState<JoinOptions>({});
  const make = useMutation({ mutationFn: identityApi.startJoin });
  const current = make.data;
  const begun = useRef(false);

  function start(next: JoinOptions) {
    if (current?.join.stage === 'waiting') void identityApi.withdrawJoin(current.join.tid).catch(() => undefined);
    setOptions(next);
    make.mutate(next);
  }
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    make.mutate({});
  }, [make]);

  return (
    <div ref={focus} tabIndex={-1} className="flex flex-col gap-4 outline-none">
      {make.error ? <ErrorNote error={make.error} action={<Button onClick={() => start(options)}>Try again</Button>} /> : null}
      {current ? (
        <JoinPanel key={current.join.tid} made={current} onReady={onReady} onAnother={() => start(options)}>
          <JoinOptionsForm value={options} busy={make.isPending} onChange={start} />
        </JoinPanel>
      ) : make.error ? null : (
        <p role="status" className="text-muted">
          Making a line that is good for one device …
        </p>
      )}
    </div>
  );
}
