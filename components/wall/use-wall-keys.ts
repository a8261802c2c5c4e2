'use client';
/** The keys of the wall. Arrows move between the seats; letters act on the seat that has the focus. */
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { isTyping } from '../keys/is-typing.ts';
import { lettersAreOn } from '../keys/letters.ts';
import type { DeviceView } from '../live/device-view.ts';
import { useLive } from '../live/use-wall.ts';
import { toggleFullScreen } from './toggle-full-screen.ts';
import { isTroubled } from './trouble.ts';
import type { OpenZoom } from './use-zoomed.ts';
import type { WallView } from './wall-view.ts';

interface WallKeysOptions {
  setView: (change: Partial<WallView>) => void;
  zoom: OpenZoom;
  setPage: (change: (page: number) => number) => void;
}

const DENSITY = { '0': 'auto', '1': 'S', '2': 'M', '3': 'L' } as const;

export function useWallKeys(options: WallKeysOptions): void {
  const { store } = useLive();
  const router = useRouter();
  const latest = useRef(options);
  latest.current = options;

  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const { setView, zoom } = latest.current;
      const act = (work: () => void) => {
        event.preventDefault();
        work();
      };
      const step = ARROWS[event.key];
      if (step && !event.shiftKey) return act(() => moveFocus(step));
      if (!lettersAreOn()) return undefined;
      const device = (document.activeElement as HTMLElement | null)?.dataset.device;
      const trouble = store.devices.map(({ name }) => name).filter((name) => isTroubled(store.device(name)?.health ?? 'running'));
      switch (event.key) {
        case '0':
        case '1':
        case '2':
        case '3': {
          const density = DENSITY[event.key];
          return act(() => setView({ density }));
        }
        case '/':
          return act(() => document.getElementById('wall-filter')?.focus());
        case 'f':
          return act(toggleFullScreen);
        case 'e':
          return act(() => focusDevice(next(trouble, device, 1)));
        case 'E':
          return act(() => focusDevice(next(trouble, device, -1)));
        case '[':
        case 'PageUp':
          return act(() => latest.current.setPage((page) => Math.max(0, page - 1)));
        case ']':
        case 'PageDown':
          return act(() => latest.current.setPage((page) => page + 1));
        case 's':
          return device ? act(() => zoom(device, 'services')) : undefined;
        case 'i':
          return device ? act(() => zoom(device, 'info')) : undefined;
        case 'd':
          return device ? act(() => router.push(deploymentPath(device, store.device(device)))) : undefined;
      }
      return undefined;
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [store, router]);
}

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function next(names: readonly string[], current: string | undefined, step: number): string | undefined {
  const at = current ? names.indexOf(current) : -1;
  return names.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % names.length);
}

/** The one deployment of a device; where there are several or none, the page that lists them. */
function deploymentPath(name: string, view: DeviceView | undefined): string {
  const [only, ...others] = view?.status.value?.deployments ?? [];
  return only && others.length === 0 ? `/deployments/${only.name}` : `/d/${name}`;
}

function focusDevice(name: string | undefined): void {
  if (name) document.querySelector<HTMLElement>(`[data-device="${CSS.escape(name)}"]`)?.focus();
}

/** To the next seat that can take the focus in that direction: the plate in the middle is stepped over. */
function moveFocus([x, y]: readonly [number, number]): void {
  const grid = document.querySelector<HTMLElement>('[data-columns]');
  if (!grid) return;
  const columns = Number(grid.dataset.columns);
  const seats = [...grid.querySelectorAll('.seat')].map((seat) => seat.querySelector<HTMLElement>('[data-seat]'));
  const at = seats.findIndex((seat) => seat !== null && seat === document.activeElement);
  if (at < 0) {
    seats.find((seat) => seat?.tabIndex === 0)?.focus();
    return;
  }
  for (
    let column = (at % columns) + x, row = Math.floor(at / columns) + y;
    column >= 0 && column < columns;
    column += x, row += y
  ) {
    if (row < 0 || row * columns + column >= seats.length) return;
    const seat = seats[row * columns + column];
    if (seat) {
      seat.focus();
      return;
    }
  }
}
