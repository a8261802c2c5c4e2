/**
 * PageShell: the top bar and the page below it. Every page is one:
 *   <PageShell title="Deployments" actions={<ButtonLink look="primary" href="/deployments/new">New deployment</ButtonLink>}>…</PageShell>
 * `back` draws a link before the title; `lead` stands before the title's words (a Plate); `note` under them. `width="full"` for the editor.
 */
import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { TopBar } from './top-bar.tsx';

interface PageShellProps {
  title: ReactNode;
  back?: { href: string; label: string };
  lead?: ReactNode;
  note?: ReactNode;
  /** Buttons at the right of the title, the primary one last. */
  actions?: ReactNode;
  /** One small button; on a phone it stands beside the way back. */
  menu?: ReactNode;
  width?: 'page' | 'full';
  children: ReactNode;
}

export function PageShell({ title, back, lead, note, actions, menu, width = 'page', children }: PageShellProps) {
  return (
    <>
      <TopBar />
      <main
        id="main"
        tabIndex={-1}
        className={classNames(
          'mx-auto w-full px-4 pt-5 pb-16 outline-none',
          width === 'page' ? 'max-w-[75rem]' : 'max-w-[120rem]',
        )}
      >
        <header className="relative mb-5 flex flex-wrap items-center gap-x-4 gap-y-3">
          <div className={classNames('flex min-w-0 flex-1 basis-80 items-center gap-3', back && 'max-sm:flex-wrap')}>
            {back ? (
              <div className="max-sm:w-full">
                <Link
                  href={back.href}
                  className="inline-flex touch:min-h-11 min-h-9 items-center gap-1.5 rounded-ctl pr-2 text-15 text-muted hover:text-text"
                >
                  <ArrowLeft size={20} strokeWidth={1.75} aria-hidden />
                  {back.label}
                </Link>
              </div>
            ) : null}
            {lead}
            <div className="min-w-0 flex-1">
              <h1 className="truncate text-26 font-semibold">{title}</h1>
              {note ? <div className="text-15 text-muted">{note}</div> : null}
            </div>
          </div>
          {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
          {menu ? <div className="max-sm:absolute max-sm:top-0 max-sm:right-0">{menu}</div> : null}
        </header>
        {children}
      </main>
    </>
  );
}
