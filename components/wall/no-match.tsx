import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

export function NoMatch({ filter, clear }: { filter: string; clear: () => void }) {
  return (
    <div className="p-8">
      <EmptyState
        title={`No device matches “${filter}”.`}
        text="Searched names and labels."
        actions={<Button onClick={clear}>Clear filter</Button>}
      />
    </div>
  );
}
