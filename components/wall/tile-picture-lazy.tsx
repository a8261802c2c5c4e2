'use client';
/** Pictures come after the wall itself stands: a wall of services never loads them. */
import dynamic from 'next/dynamic';

export const LazyTilePicture = dynamic(() => import('./tile-picture.tsx').then((module) => module.TilePicture), {
  ssr: false,
  loading: () => <div className="min-h-0 flex-1 bg-term" />,
});

export const LazyPeekFreshness = dynamic(() => import('../peek/peek-freshness.tsx').then((module) => module.PeekFreshness), {
  ssr: false,
});
