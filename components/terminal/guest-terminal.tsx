'use client';
/** One terminal as a guest sees it: watching only, nothing of the wall around it. The page's link may hear this session and no other. */
import { displayName } from '#contracts/device.ts';
import { SessionView } from './session-view.tsx';

export function GuestTerminal({ device, sid }: { device: string; sid: string }) {
  return (
    <main id="main" tabIndex={-1} className="flex h-dvh flex-col outline-none">
      <header className="flex min-h-12 items-center gap-3 px-4">
        <h1 className="truncate text-20 font-semibold">Terminal of {displayName(device)}</h1>
        <p className="text-muted">Shared with you to watch.</p>
      </header>
      <SessionView device={device} sid={sid} guest typeAtOnce={false} onNewShell={undefined} />
    </main>
  );
}
