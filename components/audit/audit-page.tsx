'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type AuditWords, credentialsApi } from '../live/credentials-api.ts';
import { useMayNot } from '../live/use-me.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { AuditFilter } from './audit-filter.tsx';
import { AuditTable } from './audit-table.tsx';
import { ChainNote } from './chain-note.tsx';

/** Everything anybody did here: who, from where, what, with what result. */
export function AuditPage() {
  const [words, setWords] = useState<AuditWords>({});
  const mayNot = useMayNot('manage');
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit', words],
    enabled: !mayNot,
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) => credentialsApi.audit(words, pageParam, signal),
    getNextPageParam: (last) => last.before,
    refetchInterval: 15_000,
  });
  const lines = data?.pages.flatMap((page) => page.lines) ?? [];
  const intact = data?.pages.every((page) => page.intact);
  const nothingYet = data && lines.length === 0 && !hasNextPage;
  if (mayNot)
    return (
      <PageShell title="Audit">
        <EmptyState title="This is for those who manage the fleet." text="Ask an admin or the owner about who did what." />
      </PageShell>
    );
  return (
    <PageShell
      title="Audit"
      note="Everything anybody did here, with who, when and from where."
      actions={
        <>
          <a className={buttonClass()} href={credentialsApi.auditExportUrl(words, 'csv')} download>
            Export CSV
          </a>
          <a className={buttonClass()} href={credentialsApi.auditExportUrl(words, 'jsonl')} download>
            Export JSON
          </a>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <AuditFilter onChange={setWords} />
        {error ? <ErrorNote error={error} /> : null}
        {intact === undefined ? null : <ChainNote intact={intact} />}
        {nothingYet ? <Nothing filtered={Object.values(words).some(Boolean)} /> : <AuditTable lines={lines} />}
        {hasNextPage ? (
          <Button
            className="self-start"
            busy={isFetchingNextPage && 'Reading …'}
            onClick={() => {
              void fetchNextPage();
            }}
          >
            Older
          </Button>
        ) : null}
      </div>
    </PageShell>
  );
}

const Nothing = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <EmptyState title="Nothing matches." text="Take a word out of the filter." />
  ) : (
    <EmptyState title="No actions yet." text="Everything anybody does here will be listed, with who and when." />
  );
