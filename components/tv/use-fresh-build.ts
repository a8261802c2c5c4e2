'use client';
/** A TV is never touched: when the hub has other pages than the ones that run here, it loads them by itself. */
import { useEffect } from 'react';

const LOOK_EVERY_MS = 60_000;

const scriptsOf = (root: Document): string[] =>
  [...root.querySelectorAll<HTMLScriptElement>('script[src]')].map(
    (script) => new URL(script.getAttribute('src')!, location.origin).pathname,
  );

/** True where the hub answers with a page that needs a script this one never loaded. */
async function isOutdated(known: ReadonlySet<string>): Promise<boolean> {
  const answer = await fetch('/tv', { cache: 'no-store', headers: { Accept: 'text/html' } });
  if (!answer.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const scripts = scriptsOf(page);
  return scripts.length > 0 && scripts.some((one) => !known.has(one));
}

/** Loads the page anew, but only while the hub answers: a browser's own error page never comes back by itself. */
export async function reloadWhenThere(): Promise<void> {
  const answer = await fetch('/tv', { cache: 'no-store', headers: { Accept: 'text/html' } }).catch(() => undefined);
  if (answer?.ok) window.location.reload();
}

export function useFreshBuild(): void {
  useEffect(() => {
    const known = new Set(scriptsOf(document));
    const timer = setInterval(() => {
      isOutdated(known).then(
        (outdated) => (outdated ? window.location.reload() : undefined),
        () => undefined,
      );
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
}
