'use client';
/** The page of a TV: pairs by itself, shows its wall by itself, and comes back by itself. Nobody has to touch it. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ComponentType, useCallback, useEffect, useState } from 'react';
import type { Session } from '#contracts/api.ts';
import { LiveProvider } from '../live/live-provider.tsx';
import type { DeviceSlotProps } from '../live/panes.tsx';
import { TvPairingScreen } from './tv-pairing.tsx';
import { TvShow } from './tv-show.tsx';
import { useFreshBuild } from './use-fresh-build.ts';

const RETRY_MS = 3_000;
/** A TV may be given another wall meanwhile. */
const ASK_AGAIN_MS = 30_000;

type Phase = { kind: 'asking' } | { kind: 'unpaired' } | { kind: 'silent' } | { kind: 'wall'; session: Session };

export function TvPage({ caption }: { caption: ComponentType<DeviceSlotProps> }) {
  const [phase, setPhase] = useState<Phase>({ kind: 'asking' });
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 3 } } }));
  const unpair = useCallback(() => setPhase({ kind: 'unpaired' }), []);
  useFreshBuild();

  const ask = useCallback(async () => {
    try {
      const { api } = await import('../live/api-client.ts');
      const session = await api.session();
      setPhase((before) =>
        session.kind === 'guest'
          ? { kind: 'unpaired' }
          : before.kind === 'wall' && before.session.wall === session.wall && before.session.user === session.user
            ? before
            : { kind: 'wall', session },
      );
    } catch (error) {
      const signedOut = (error as { code?: string }).code === 'unauthenticated';
      // A hub that does not answer changes nothing: the wall says so itself, and goes on when it is back.
      setPhase((before) => (signedOut ? { kind: 'unpaired' } : before.kind === 'asking' ? { kind: 'silent' } : before));
    }
  }, []);

  useEffect(() => {
    if (phase.kind === 'unpaired') return undefined;
    if (phase.kind === 'asking') void ask();
    const timer = setInterval(() => void ask(), phase.kind === 'wall' ? ASK_AGAIN_MS : RETRY_MS);
    return () => clearInterval(timer);
  }, [phase.kind, ask]);

  return (
    <div className="tv wall flex h-dvh cursor-none flex-col overflow-hidden">
      {phase.kind === 'wall' ? (
        <QueryClientProvider client={queries}>
          <LiveProvider onSignedOut={unpair}>
            <TvShow session={phase.session} caption={caption} />
          </LiveProvider>
        </QueryClientProvider>
      ) : phase.kind === 'unpaired' ? (
        <TvPairingScreen onPaired={() => setPhase({ kind: 'asking' })} />
      ) : (
        <main className="flex flex-1 items-center justify-center text-20">
          <p role="status">{phase.kind === 'silent' ? 'The hub does not answer. Trying again.' : 'Asking the hub.'}</p>
        </main>
      )}
    </div>
  );
}
