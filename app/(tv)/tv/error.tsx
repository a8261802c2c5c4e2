'use client';
import { useEffect } from 'react';
import { reloadWhenThere } from '#components/tv/use-fresh-build.ts';

const AFTER_MS = 10_000;

/** Nobody is there to press a button: it tries again by itself until the hub answers. */
export default function TvError() {
  useEffect(() => {
    const timer = setInterval(() => void reloadWhenThere(), AFTER_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <main className="tv wall flex h-dvh items-center justify-center text-20">
      <p role="alert">This page broke. Your devices are not affected. It starts again by itself.</p>
    </main>
  );
}
