'use client';
/** The keys of every page, and the two things they open. Stands once inside Providers. */
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { request, useRequested } from '../ui/requests.ts';
import { isTyping } from './is-typing.ts';
import { lettersAreOn } from './letters.ts';

const KeySheet = dynamic(() => import('./key-sheet.tsx').then((module) => module.KeySheet), { ssr: false });
const CommandPalette = dynamic(() => import('./command-palette.tsx').then((module) => module.CommandPalette), { ssr: false });

const SEQUENCE_MS = 1_000;
const PLACES: Readonly<Record<string, string>> = { w: '/', d: '/deployments' };

export function GlobalKeys() {
  const router = useRouter();
  const [sheet, setSheet] = useRequested('keys');
  const [palette, setPalette] = useRequested('palette');
  const [search, setSearch] = useState('');
  const awaited = useRef(false);

  useEffect(() => {
    awaited.current = palette;
    if (!palette) setSearch('');
  }, [palette]);

  useEffect(() => {
    let goUntil = 0;
    function press(event: KeyboardEvent) {
      // Keys that go to a device, Ctrl+K of a shell among them, are not ours.
      if (event.target instanceof Element && event.target.closest('[data-typing]')) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        awaited.current = true;
        request('palette');
        return;
      }
      if (awaited.current && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !isTyping(event.target)) {
        // The palette is still on its way: what is typed is meant for it, not for the page.
        event.preventDefault();
        event.stopImmediatePropagation();
        setSearch((typed) => typed + event.key);
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !lettersAreOn())
        return;
      const place = performance.now() < goUntil ? PLACES[event.key] : undefined;
      goUntil = 0;
      if (place) {
        // Before the wall's own keys: there `d` alone means the device.
        event.stopImmediatePropagation();
        event.preventDefault();
        router.push(place);
      } else if (hasOwnMeaning(event)) return;
      else if (event.key === 'g') goUntil = performance.now() + SEQUENCE_MS;
      else if (event.key === '?') request('keys');
      else if (event.key === 'a') request('add-device');
      else if (event.key === 'n') router.push('/deployments/new');
    }
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, [router]);

  return (
    <>
      {sheet ? <KeySheet onClose={() => setSheet(false)} /> : null}
      {palette ? <CommandPalette search={search} onSearch={setSearch} onClose={() => setPalette(false)} /> : null}
    </>
  );
}

/** Where the focus is, this key does something of that place: lines of a log list theirs in `data-own-keys`. */
const hasOwnMeaning = ({ target, key }: KeyboardEvent): boolean =>
  target instanceof Element && target.closest(`[data-own-keys~="${CSS.escape(key)}"]`) !== null;
