import { ChangeList } from '../manifest/change-list.tsx';
import type { Change } from '../manifest/changes.ts';
import { DiffView } from '../manifest/diff-view.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';

interface ChangesPaneProps {
  changes: readonly Change[];
  base: string | undefined;
  text: string;
}

export function ChangesPane({ changes, base, text }: ChangesPaneProps) {
  return (
    <ScrollRegion label="Changes" className="flex min-h-0 flex-1 flex-col gap-4 bg-surface p-4">
      <ChangeList changes={changes} none={base === undefined ? 'Nothing yet.' : 'No change to what runs.'} />
      {base === undefined ? null : <DiffView before={base} after={text} />}
    </ScrollRegion>
  );
}
