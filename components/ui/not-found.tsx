import { ButtonLink } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

export function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <EmptyState
        heading="h1"
        title="There is nothing at this address."
        text="It may have been removed, or the link is not complete. Your devices are not affected."
        actions={<ButtonLink href="/">To the wall</ButtonLink>}
      />
    </main>
  );
}
