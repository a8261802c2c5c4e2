'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Tv } from '#contracts/api-people.ts';
import { peopleApi } from '../live/people-api.ts';
import { Button } from '../ui/button.tsx';
import { toast } from '../ui/toast.tsx';
import { moment } from './moment.ts';
import { sayFailure } from './say-failure.ts';
import { WallSelect } from './wall-select.tsx';

export function TvRow({ tv: { id, title, wall, pairedBy, lastSeenAt } }: { tv: Tv }) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);

  async function act(work: () => Promise<unknown>, done: string) {
    setBusy(true);
    try {
      await work();
      toast({ title: done });
    } catch (failure) {
      sayFailure(failure);
    } finally {
      await queries.invalidateQueries({ queryKey: ['tvs'] });
      setBusy(false);
    }
  }

  return (
    <li aria-label={title} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold [overflow-wrap:anywhere]">{title}</p>
        <p className="text-13 text-muted">
          Paired by {pairedBy} · last seen {moment(lastSeenAt)}
        </p>
      </div>
      <WallSelect
        aria-label={`Wall of ${title}`}
        className="w-44"
        value={wall}
        disabled={busy}
        onChoose={(next) => void act(() => peopleApi.changeTv(id, next), `${title} changes its wall within a minute.`)}
      />
      <Button
        look="quiet"
        disabled={busy}
        onClick={() => void act(() => peopleApi.removeTv(id), `${title} is signed out. Pair it again with a new code.`)}
      >
        Remove {title}
      </Button>
    </li>
  );
}
