/** EmptyState: <EmptyState title="Nothing deployed from here yet." text="Start with …" actions={<ButtonLink look="primary" …/>} />. Warm, one next step. */
import type { ReactNode } from 'react';

interface EmptyStateProps {
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
  /** `h1` where it is the whole page. */
  heading?: 'h1' | 'h2';
}

export function EmptyState({ title, text, actions, heading: Heading = 'h2' }: EmptyStateProps) {
  return (
    <section className="mx-auto flex max-w-[34rem] flex-col items-center gap-3 rounded-tile border border-dashed border-line-strong px-6 py-12 text-center">
      <Heading className="text-20 font-semibold">{title}</Heading>
      {text ? <p className="text-muted">{text}</p> : null}
      {actions ? <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </section>
  );
}
