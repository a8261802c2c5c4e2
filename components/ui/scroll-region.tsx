/** ScrollRegion: a part that scrolls by itself, reachable and named for the keyboard. <ScrollRegion label="Manifest of hello" className="max-h-60">…</ScrollRegion> */
import type { ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';

interface ScrollRegionProps {
  label: string;
  className?: string;
  ref?: Ref<HTMLElement>;
  children: ReactNode;
}

export function ScrollRegion({ label, className, ref, children }: ScrollRegionProps) {
  return (
    <section
      ref={ref}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without a mouse the focus is the only way to scroll it
      tabIndex={0}
      className={classNames('overflow-auto', className)}
    >
      {children}
    </section>
  );
}

/** Text as it is, in a terminal's colours: files, commands. */
export function CodeBlock({
  label,
  text,
  ref,
  className,
  wrap,
}: {
  label: string;
  text: string;
  /** One long line is seen whole. */
  wrap?: boolean;
  ref?: Ref<HTMLElement>;
  className?: string;
}) {
  return (
    <ScrollRegion label={label} {...(ref ? { ref } : {})} className={classNames('rounded-ctl bg-term px-3 py-2', className)}>
      <pre
        className={classNames(
          'font-mono text-13 leading-relaxed text-[#eef2ff]',
          wrap && 'whitespace-pre-wrap [overflow-wrap:anywhere]',
        )}
      >
        {text}
      </pre>
    </ScrollRegion>
  );
}
