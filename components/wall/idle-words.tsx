'use client';
import Link from 'next/link';
import { displayName } from '#contracts/device-words.ts';
import { useLetters } from '../keys/letters.ts';
import { useMay } from '../live/use-me.ts';
import { Kbd } from '../ui/kbd.tsx';

/** A device that waits for work: what is so, and the one thing to do about it. */
export function IdleWords({ name, reachable = false }: { name: string; reachable?: boolean }) {
  const letters = useLetters();
  const mayDeploy = useMay('deploy');
  return (
    <div className="pointer-events-none text-15 leading-[26px]">
      <p className="truncate text-muted">{displayName(name)} is ready. Nothing deployed here yet.</p>
      <p className="flex items-center gap-2">
        {mayDeploy ? (
          <Link
            href="/deployments/new"
            prefetch={false}
            tabIndex={reachable ? 0 : -1}
            className="pointer-events-auto relative z-10 rounded-plate text-accent underline-offset-2 hover:underline"
          >
            Deploy something
          </Link>
        ) : null}
        {letters && mayDeploy ? (
          <span className="touch:hidden">
            <Kbd>n</Kbd>
          </span>
        ) : null}
      </p>
    </div>
  );
}
