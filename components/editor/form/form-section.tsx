/** FormSection: one of the parts WHERE, SERVICES, HOW. */
import { type ReactNode, useId } from 'react';

interface FormSectionProps {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}

export function FormSection({ title, aside, children }: FormSectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-3">
        <h2 id={id} className="text-13 font-semibold tracking-wider text-muted uppercase">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
