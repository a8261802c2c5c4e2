'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { JoinStage, JoinView, NewJoin } from '#contracts/api-identity.ts';
import { identityApi } from '../live/identity-api.ts';
import { useNow } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { CodeBlock } from '../ui/scroll-region.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { JoinStepList } from './join-step-list.tsx';

const LOOPBACK = /https?:\/\/(?:localhost|127\.[\d.]+|\[::1\])[:/]/;
const LOOK_MS = 1_000;
const SECOND_MS = 1_000;

interface JoinPanelProps {
  made: NewJoin;
  onReady: (device: string) => void;
  onAnother: () => void;
  /** What may still be said of the device, before it begins. */
  children: ReactNode;
}

/** The line to paste, the other ways to carry it, and how far the device is. */
export function JoinPanel({ made, onReady, onAnother, children }: JoinPanelProps) {
  const [way, setWay] = useState('line');
  const line = useRef<HTMLElement>(null);
  const joins = useQuery({
    queryKey: ['joins'],
    queryFn: ({ signal }) => identityApi.joins(signal),
    refetchInterval: LOOK_MS,
  });
  const join = joins.data?.items.find(({ tid }) => tid === made.join.tid) ?? made.join;
  const failedAt = useLastGoodStage(join);
  const approve = useMutation({ mutationFn: () => identityApi.approveJoin(join.tid), onSuccess: () => joins.refetch() });
  const refuse = useMutation({ mutationFn: () => identityApi.withdrawJoin(join.tid), onSuccess: onAnother });

  const ready = join.stage === 'ready' ? join.device : undefined;
  const told = useRef(onReady);
  told.current = onReady;
  useEffect(() => {
    if (ready) told.current(ready);
  }, [ready]);

  return (
    <div className="flex flex-col gap-4">
      <Tabs
        label="Ways to join"
        value={way}
        onChange={setWay}
        panelClassName="pt-3 outline-none"
        aside={<TimeLeft join={join} />}
        tabs={[
          {
            value: 'line',
            label: 'Paste a line',
            content: (
              <div className="flex flex-col gap-2">
                <p>Run this on the device:</p>
                <div className="flex items-start gap-2 max-sm:flex-col">
                  <CodeBlock
                    ref={line}
                    label="The line for the device"
                    text={made.line}
                    className="min-w-0 flex-1 max-sm:w-full"
                  />
                  <CopyButton text={made.line} source={line} look="primary" />
                </div>
                {LOOPBACK.test(made.line) ? (
                  <ErrorNote
                    severity="warning"
                    fact="This line works on this machine alone."
                    effect="The wall is open at an address that other machines cannot reach. Start the hub with --lan and open it by its name or its address on the network, then press Add a device again."
                  />
                ) : null}
                <p className="text-13 text-muted">
                  Raspberry Pi OS, Debian 12 or 13, Ubuntu 24.04; 64-bit. It says what it does as it goes.
                </p>
              </div>
            ),
          },
          {
            value: 'qr',
            label: 'QR code',
            content: (
              <div className="flex flex-wrap items-center gap-4">
                <QrCode text={made.token} label="The join token as a QR code" />
                <p className="min-w-0 flex-1 basis-56">
                  The join token itself, for a phone or a scanner at the device:{' '}
                  <code className="font-mono text-13">scorewall-agent join TOKEN</code>
                </p>
              </div>
            ),
          },
          { value: 'card', label: 'SD card', content: <BootFile file={made.bootFile} /> },
        ]}
      />
      <JoinStepList join={join} failedAt={failedAt}>
        {join.stage === 'approval' && join.words ? (
          <span className="flex flex-wrap items-center gap-2">
            <strong className="font-mono">{join.words.split(' ').join(' · ')}</strong>
            <Button look="primary" onClick={() => approve.mutate()} busy={approve.isPending && 'Letting it in …'}>
              They match
            </Button>
            <Button onClick={() => refuse.mutate()}>No</Button>
          </span>
        ) : null}
      </JoinStepList>
      {approve.error || refuse.error ? <ErrorNote error={approve.error ?? refuse.error} /> : null}
      {joins.error ? (
        <ErrorNote
          severity="warning"
          fact="How far it is cannot be read now."
          effect="The device joins all the same. It is tried again by itself."
        />
      ) : null}
      {join.stage === 'waiting' ? children : null}
    </div>
  );
}

/** A failure does not say where it happened: what was seen before it does. */
function useLastGoodStage({ tid, stage }: JoinView): JoinStage {
  const last = useRef<{ tid: string; stage: JoinStage }>({ tid, stage: 'contacted' });
  if (last.current.tid !== tid) last.current = { tid, stage: 'contacted' };
  if (stage !== 'failed' && stage !== 'waiting') last.current.stage = stage;
  return last.current.stage;
}

function TimeLeft({ join }: { join: JoinView }) {
  const now = useNow(SECOND_MS);
  if (join.stage !== 'waiting') return null;
  const leftMs = Date.parse(join.expiresAt) - now;
  const seconds = Math.max(0, Math.floor(leftMs / 1_000));
  return (
    <span className="pb-1.5 text-13 text-muted tabular-nums" suppressHydrationWarning>
      {leftMs <= 0
        ? 'It has ended.'
        : `Good for one device, ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left.`}
    </span>
  );
}

function BootFile({ file }: { file: NewJoin['bootFile'] }) {
  function download() {
    const url = URL.createObjectURL(new Blob([file.text], { type: 'text/plain' }));
    Object.assign(document.createElement('a'), { href: url, download: file.name }).click();
    URL.revokeObjectURL(url);
  }
  return (
    <div className="flex flex-col items-start gap-2">
      <p>
        Put <code className="font-mono text-13">{file.name}</code> on the boot partition of a freshly written card, then start the
        device with it. It joins at its first start with a network.
      </p>
      <Button onClick={download}>
        <Download size={18} strokeWidth={1.75} aria-hidden />
        Download {file.name}
      </Button>
    </div>
  );
}
