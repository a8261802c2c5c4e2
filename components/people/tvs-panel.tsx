'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peopleApi } from '../live/people-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Panel } from '../ui/panel.tsx';
import { PairTvDialog } from './pair-tv-dialog.tsx';
import { TvRow } from './tv-row.tsx';

/** The screens that show a wall by themselves. */
export function TvsPanel() {
  const [pairing, setPairing] = useState(false);
  const tvs = useQuery({ queryKey: ['tvs'], queryFn: ({ signal }) => peopleApi.tvs(signal), refetchInterval: 15_000 });
  const items = tvs.data?.items ?? [];
  return (
    <Panel
      title="TVs"
      aside={
        <Button look="quiet" onClick={() => setPairing(true)}>
          Pair a TV
        </Button>
      }
    >
      {tvs.error ? <ErrorNote error={tvs.error} /> : null}
      {tvs.data && items.length === 0 ? (
        <p className="text-muted">
          No TV shows a wall yet. Open <code className="font-mono text-text">/tv</code> in the browser of one, and type its code
          here.
        </p>
      ) : null}
      <ul className="flex flex-col">
        {items.map((tv) => (
          <TvRow key={tv.id} tv={tv} />
        ))}
      </ul>
      <PairTvDialog open={pairing} onOpenChange={setPairing} />
    </Panel>
  );
}
