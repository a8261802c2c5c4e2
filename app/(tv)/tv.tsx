'use client';
import { Caption } from '#components/agent-voice/caption.tsx';
import { TvPage } from '#components/tv/tv-page.tsx';

export function Tv() {
  return <TvPage caption={Caption} />;
}
