'use client';
/** A TV nobody knows yet: it shows a code, and waits until somebody types it elsewhere. */
import { useEffect, useState } from 'react';
import type { TvPairing } from '#contracts/api-people.ts';
import { useAwake } from './use-awake.ts';

const ASK_EVERY_MS = 3_000;

export function TvPairingScreen({ onPaired }: { onPaired: () => void }) {
  const code = usePairing(onPaired);
  const awake = useAwake();
  return (
    <main className="flex flex-1 flex-col items-center justify-center gap-8 p-8 text-center">
      <h1 className="text-20 font-semibold">This TV is not paired yet</h1>
      {code ? (
        <p className="font-mono leading-none font-bold tracking-[0.12em] [font-size:clamp(4rem,11vw,14rem)]">
          {code.slice(0, 3)} {code.slice(3)}
        </p>
      ) : (
        <p role="status" className="text-20">
          Asking the hub for a code.
        </p>
      )}
      <p className="max-w-[34em] text-20">
        Open Scorewall on your phone, People, Pair a TV, and enter this code. The wall then comes by itself.
      </p>
      {awake ? null : <p className="text-15 text-muted">This TV may go to sleep; switch its saver off.</p>}
    </main>
  );
}

/** Asks for a code, then every few seconds whether it was typed; a code that has ended is followed by another. */
function usePairing(onPaired: () => void): string | undefined {
  const [code, setCode] = useState<string>();
  useEffect(() => {
    const stopped = new AbortController();
    const { signal } = stopped;
    const rest = () => new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    async function run() {
      let pairing: TvPairing | undefined;
      const { tvApi } = await import('./tv-api.ts');
      while (!signal.aborted) {
        try {
          if (!pairing || Date.parse(pairing.expiresAt) <= Date.now()) {
            pairing = await tvApi.pair(signal);
            setCode(pairing.code);
          }
          await rest();
          if (signal.aborted) return;
          const { paired } = await tvApi.claim(pairing, signal);
          if (paired) return onPaired();
        } catch {
          // Ended, too many, or no hub: another code is asked for after a rest.
          pairing = undefined;
          if (!signal.aborted) setCode(undefined);
          await rest();
        }
      }
    }
    void run();
    return () => stopped.abort();
  }, [onPaired]);
  return code;
}
