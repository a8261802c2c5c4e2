'use client';
import { Button, ButtonLink } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

/** A page that broke while it was drawn. */
export function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <EmptyState
        heading="h1"
        title="This page stopped working."
        text={
          <>
            Your devices keep running what they have; only this page is affected. Draw it again, or go back to the wall.
            {error.digest ? <code className="mt-2 block font-mono text-13">{error.digest}</code> : null}
          </>
        }
        actions={
          <>
            <ButtonLink href="/">To the wall</ButtonLink>
            <Button look="primary" onClick={reset}>
              Draw it again
            </Button>
          </>
        }
      />
    </main>
  );
}
