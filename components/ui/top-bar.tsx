'use client';
/**
 * TopBar: 56 px with the way back to the wall, Deployments, and the colours. PageShell draws it; only the wall puts its own tools into it.
 */
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { AccountMenu } from './account-menu.tsx';
import { classNames } from './class-names.ts';
import { ThemeSwitch } from './theme-switch.tsx';
import { Wordmark } from './wordmark.tsx';

const places = [
  { href: '/', label: 'Wall', match: (path: string) => path === '/' || path.startsWith('/d/') },
  { href: '/deployments', label: 'Deployments', match: (path: string) => path.startsWith('/deployments') },
  {
    href: '/recordings',
    label: 'Recordings',
    match: (path: string) => path.startsWith('/recordings') || path.startsWith('/r/'),
  },
  { href: '/logs', label: 'Logs', match: (path: string) => path === '/logs' },
] as const;

export function TopBar({ children }: { children?: ReactNode }) {
  const path = usePathname();
  return (
    <header className="sticky top-0 z-30 flex min-h-14 items-center gap-x-4 border-b border-line bg-bg px-4 max-sm:gap-x-2 max-sm:px-3 print:hidden">
      <a href="#main" className="sr-only focus:not-sr-only">
        Skip to the page
      </a>
      <Link href="/" className="rounded-plate text-text" aria-label="Scorewall, to the wall">
        <Wordmark />
      </Link>
      <nav aria-label="Places" className="flex h-14 shrink-0 items-stretch gap-1 max-sm:shrink max-sm:overflow-x-auto">
        {places.map(({ href, label, match }) => (
          <Link
            key={href}
            href={href}
            aria-current={match(path) ? 'page' : undefined}
            className={classNames(
              'inline-flex items-center border-b-2 px-2 pt-0.5 text-15 font-semibold outline-offset-[-3px] hover:text-text max-sm:px-1.5 max-sm:text-13',
              // A phone has no room for all of them, and the mark leads to the wall as well.
              href === '/' && 'max-sm:hidden',
              match(path) ? 'border-accent text-text' : 'border-transparent text-muted',
            )}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className="flex min-w-0 flex-1 items-center max-sm:gap-x-2 justify-end gap-x-3">{children}</div>
      <div className="flex items-center">
        <ThemeSwitch />
        <AccountMenu />
      </div>
    </header>
  );
}
