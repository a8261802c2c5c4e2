/**
 * StatusShape: the eight shapes of health, each readable without its colour. Always put the word beside it (HealthWord does both).
 * The shape alone is decoration for a screen reader unless `title` is given.
 */
import type { ReactNode } from 'react';
import { HEALTH_WORDS, type Health } from '#contracts/health.ts';
import { classNames } from './class-names.ts';

const cut = {
  stroke: 'var(--shape-cut, var(--surface))',
  strokeWidth: 2.4,
  fill: 'none',
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

const shapes: Record<Health, ReactNode> = {
  running: (
    <>
      <circle cx="12" cy="12" r="10" />
      <path d="M7.5 12.4l3 3 6-6.4" {...cut} />
    </>
  ),
  updating: (
    <>
      <path d="M12 2a10 10 0 0 0 0 20z" />
      <path d="M12 3.1a8.9 8.9 0 0 1 8.6 11.1M12 20.9a8.9 8.9 0 0 0 5.6-2" fill="none" stroke="currentColor" strokeWidth="2.2" />
      <path d="M23.4 12.6l-3.4 4.8-3.6-4.6z" />
    </>
  ),
  attention: (
    <>
      <path d="M12 2.2L23 21.5H1z" strokeLinejoin="round" />
      <path d="M12 9.2v5.4M12 18.1v.1" {...cut} />
    </>
  ),
  failed: (
    <>
      <path d="M12 .8L23.2 12 12 23.2.8 12z" />
      <path d="M9 9l6 6M15 9l-6 6" {...cut} />
    </>
  ),
  'needs-you': (
    <path d="M8 12.5V5.2a1.3 1.3 0 0 1 2.6 0V10V3.3a1.3 1.3 0 0 1 2.6 0V10V4.4a1.3 1.3 0 0 1 2.6 0V11V7.2a1.3 1.3 0 0 1 2.6 0V15c0 4.4-2.6 7.4-6.4 7.4-3 0-4.6-1.5-6-4.2l-2.6-5a1.4 1.4 0 0 1 2.4-1.4z" />
  ),
  paused: (
    <>
      <rect x="2" y="2" width="20" height="20" rx="3" />
      <path d="M9 7.5v9M15 7.5v9" {...cut} strokeWidth={3} />
    </>
  ),
  offline: (
    <g fill="none" stroke="currentColor" strokeWidth="2.8">
      <circle cx="12" cy="12" r="9.2" />
      <path d="M5.6 18.4L18.4 5.6" />
    </g>
  ),
  'not-seen': <circle cx="12" cy="12" r="9.2" fill="none" stroke="currentColor" strokeWidth="2.8" strokeDasharray="2.9 2.88" />,
};

const colours: Record<Health, string> = {
  running: 'text-st-running',
  updating: 'text-st-updating',
  attention: 'text-st-attention',
  failed: 'text-st-failed',
  'needs-you': 'text-st-needs',
  paused: 'text-st-grey',
  offline: 'text-st-grey',
  'not-seen': 'text-st-grey',
};

interface StatusShapeProps {
  health: Health;
  /** Pixels; 20 if absent. */
  size?: number;
  /** Names the shape for a screen reader where no word stands beside it. */
  title?: string;
  className?: string;
}

export function StatusShape({ health, size = 20, title, className }: StatusShapeProps) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="currentColor"
      className={classNames('shrink-0', colours[health], className)}
      role={title ? 'img' : undefined}
      aria-label={title}
      aria-hidden={title ? undefined : true}
    >
      {shapes[health]}
    </svg>
  );
}

/** Shape and word, as they stand on every tile and row. */
export function HealthWord({ health, size, className }: { health: Health; size?: number; className?: string }) {
  return (
    <span className={classNames('inline-flex shrink-0 items-center gap-1.5 whitespace-nowrap text-text', className)}>
      <StatusShape health={health} {...(size ? { size } : {})} />
      {HEALTH_WORDS[health]}
    </span>
  );
}
