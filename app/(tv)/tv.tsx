'use client';
import { TvPage } from '#components/tv/tv-page.tsx';
import { Caption } from '#components/work/caption.tsx';

export function Tv() {
  return <TvPage caption={Caption} />;
}
