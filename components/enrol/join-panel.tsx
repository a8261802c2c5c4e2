'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { JoinStage, JoinView, NewJoin } from '#contracts/api-identity.ts';
import { identityApi } from '../live/identity-api.ts';
import { useNow } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { CodeBlock } from '../ui/scroll-region.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { clock } from '../ui/words.ts';
import { JoinStepList } from './join-step-list.tsx';

const LOOPBACK = /https?:\/\/(?:localhost|127\.[\d.]+|\[::1\])[:/]/;
/** Raspberry Pi OS finds such names, a bare Debian does not. */
const LOCAL_NAME = /https?:\/\/([a-z0-9-]+\.local)[:/]/;
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
  const panel = useRef<HTMLDivElement>(null);
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
  // A new line is there: the next key copies it, unless the hands are elsewhere already.
  useEffect(() => {
    if (panel.current?.parentElement === document.activeElement || document.activeElement === document.body)
      panel.current?.querySelector<HTMLElement>('[data-copy] button')?.focus();
  }, []);

  const told = useRef(onReady);
  told.current = onReady;
  useEffect(() => {
    if (ready) told.current(ready);
  }, [ready]);

  const over = useIsOver(join);
  const ownName = LOCAL_NAME.exec(made.line)?.[1];
  return (
    <div ref={panel} className="flex flex-col gap-4">
      <Tabs
        label="Ways to join"
        value={way}
        onChange={setWay}
        // Room for the tallest: what is below stays where it is.
        panelClassName="pt-3 outline-none sm:min-h-71"
        aside={<TimeLeft join={join} className="pb-1.5 max-sm:hidden" />}
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
                    wrap
                    className="min-w-0 flex-1 max-sm:max-h-40 max-sm:w-full"
                  />
                  <span data-copy>
                    <CopyButton text={made.line} source={line} look={join.stage === 'waiting' && !over ? 'primary' : 'plain'} />
                  </span>
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
                  {ownName
                    ? ` A device that does not know ${ownName}: open the wall by its address, and make the line there.`
                    : ''}
                </p>
              </div>
            ),
          },
          {
            value: 'qr',
            label: 'QR code',
            content: (
              <div className="flex flex-wrap items-center gap-4">
                <QrCode text={made.line} label="The line as a QR code" size={272} />
                <p className="min-w-0 flex-1 basis-56">
                  The same line, for the phone or tablet you reach the device from: scan it, and paste it into the terminal there.
                </p>
              </div>
            ),
          },
          { value: 'card', label: 'SD card', content: <BootFile file={made.bootFile} /> },
        ]}
      />
      <TimeLeft join={join} className="-mb-1 sm:hidden" />
      {join.message && isPastInstall(join.stage) ? <ErrorNote severity="warning" fact={join.message} effect="" /> : null}
      <JoinStepList join={join} failedAt={failedAt}>
        {join.stage === 'approval' && join.words ? (
          <span className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-1">
            <strong className="font-mono text-17">{join.words.split(' ').join(' · ')}</strong>
            <span className="flex gap-2">
              <Button look="primary" onClick={() => approve.mutate()} busy={approve.isPending && 'Letting it in …'}>
                They match
              </Button>
              <Button onClick={() => refuse.mutate()}>No</Button>
            </span>
          </span>
        ) : null}
      </JoinStepList>
      {over || join.stage === 'failed' ? (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <p className="min-w-0 flex-1 basis-56">
            {over
              ? `This line ended at ${clock(Date.parse(join.expiresAt))}, and nothing used it.`
              : 'When that is put right, paste the same line again, or make another.'}
          </p>
          <Button look={over ? 'primary' : 'plain'} onClick={onAnother}>
            Make a new line
          </Button>
        </div>
      ) : null}
      {approve.error || refuse.error ? <ErrorNote error={approve.error ?? refuse.error} /> : null}
      {/* Said at the first failure: it is tried again for longer than a person waits. */}
      {joins.failureCount > 0 ? (
        <ErrorNote
          severity="warning"
          fact="How far it is cannot be read now."
          effect="The device joins all the same. It is tried again by itself."
        />
      ) : null}
      {join.stage === 'waiting' && !over ? children : null}
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

/** Before that stage a message tells what stands still; from then on, what is wrong. */
const isPastInstall = (stage: JoinStage) => ['enrolling', 'approval', 'connecting', 'ready'].includes(stage);

function useIsOver({ stage, expiresAt }: JoinView): boolean {
  const now = useNow(SECOND_MS);
  return stage === 'waiting' && Date.parse(expiresAt) <= now;
}

function TimeLeft({ join, className }: { join: JoinView; className: string }) {
  const now = useNow(SECOND_MS);
  if (join.stage !== 'waiting') return null;
  const seconds = Math.max(0, Math.floor((Date.parse(join.expiresAt) - now) / 1_000));
  return (
    <span className={classNames('text-13 text-muted tabular-nums', className)} suppressHydrationWarning>
      {seconds === 0
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
