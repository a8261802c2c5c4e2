'use client';
/** The keys of the wall. Arrows move between the seats; letters act on the seat that has the focus. */
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { isTyping } from '../keys/is-typing.ts';
import { lettersAreOn } from '../keys/letters.ts';
import type { DeviceView } from '../live/device-view.ts';
import { useLive } from '../live/use-wall.ts';
import { makeWish } from '../live/wishes.ts';
import { focusDevice } from './focus-device.ts';
import type { Density } from './grid.ts';
import { nextSeat } from './next-seat.ts';
import { toggleFullScreen } from './toggle-full-screen.ts';
import { isTroubled } from './trouble.ts';
import { ZOOM_VIEWS, type ZoomView } from './use-zoomed.ts';
import type { WallDesk } from './wall-desk.tsx';

interface WallKeysOptions {
  desk: WallDesk;
  setDensity: (density: Density | 'auto') => void;
  setPage: (change: (page: number) => number) => void;
  undo: () => void;
  redo: () => void;
  tidy: () => void;
  broadcast: () => void;
  toTv: () => void;
  mute: () => void;
  toWall: (number: number) => void;
  /** One layer back; false: there was none. */
  escape: () => boolean;
}

const DENSITY: Readonly<Record<string, Density | 'auto'>> = { '0': 'auto', '1': 'S', '2': 'M', '3': 'L' };
const VIEW_LETTERS: Readonly<Record<string, string>> = { s: 'services', i: 'info', l: 'logs', t: 'terminal' };
const SEQUENCE_MS = 1_500;

export function useWallKeys(options: WallKeysOptions): void {
  const { store } = useLive();
  const router = useRouter();
  const latest = useRef(options);
  latest.current = options;

  useEffect(() => {
    let wallUntil = 0;
    function press(event: KeyboardEvent) {
      if (event.defaultPrevented || isTyping(event.target)) return undefined;
      const now = latest.current;
      const { desk } = now;
      const act = (work: () => void) => {
        event.preventDefault();
        work();
      };
      const command = event.ctrlKey || event.metaKey;
      if (command && !event.altKey && event.key.toLowerCase() === 'z') return act(event.shiftKey ? now.redo : now.undo);
      if (command) return undefined;
      const seat = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('.seat');
      const device = seat?.dataset.tile;
      if (event.altKey) {
        const digit = /^Digit([0-3])$/.exec(event.code)?.[1];
        const density = digit === undefined ? undefined : DENSITY[digit];
        if (device && density) act(() => desk.setTileDensity(device, density === 'auto' ? undefined : density));
        return undefined;
      }
      const step = ARROWS[event.key];
      if (step && event.shiftKey) return device ? act(() => moveTile(desk, device, step)) : undefined;
      if (step) return act(() => moveFocus(step));
      if (event.key === 'Escape') return now.escape() ? event.preventDefault() : undefined;
      if (event.key === 'PageUp') return act(() => now.setPage((page) => page - 1));
      if (event.key === 'PageDown') return act(() => now.setPage((page) => page + 1));
      if (!lettersAreOn()) return undefined;
      const number = performance.now() < wallUntil ? Number(event.key) : Number.NaN;
      wallUntil = 0;
      if (number >= 1) return act(() => now.toWall(number));
      const density = DENSITY[event.key];
      if (density) return act(() => now.setDensity(density));
      const view = viewOf(event.key);
      // A tile that is just opening has not taken the focus yet.
      const opening = device ?? new URLSearchParams(window.location.search).get('tile');
      if (event.key === 't' && opening) makeWish('type', opening);
      if (view) return device ? act(() => desk.open(device, view)) : undefined;
      switch (event.key) {
        case '/':
          return act(() => document.getElementById('wall-filter')?.focus());
        case 'f':
          return act(toggleFullScreen);
        case 'e':
        case 'E': {
          const troubled = store.devices
            .map(({ name }) => name)
            .filter((name) => isTroubled(store.device(name)?.health ?? 'running'));
          return act(() => focusDevice(next(troubled, device, event.key === 'e' ? 1 : -1)));
        }
        case '[':
          return act(() => now.setPage((page) => page - 1));
        case ']':
          return act(() => now.setPage((page) => page + 1));
        case 'w':
          wallUntil = performance.now() + SEQUENCE_MS;
          return undefined;
        case '=':
          return act(now.tidy);
        case 'b':
          return act(now.broadcast);
        case 'k':
          return act(now.toTv);
        case 'm':
          return act(now.mute);
        case 'd':
          return device ? act(() => router.push(deploymentPath(device, store.device(device)))) : undefined;
        case '.':
          return device ? act(() => openMenu(device)) : undefined;
        case 'p':
          return device ? act(() => desk.pin(device)) : undefined;
        case 'x':
          return device ? act(() => desk.select(device)) : undefined;
        case ' ':
          return device ? act(() => desk.freeze(device)) : undefined;
      }
      return undefined;
    }
    // A button is pressed when Space comes up again; on a tile Space was meant for its picture.
    function release(event: KeyboardEvent) {
      if (event.key === ' ' && lettersAreOn() && (event.target as Element).matches('[data-device]')) event.preventDefault();
    }
    window.addEventListener('keydown', press);
    window.addEventListener('keyup', release);
    return () => {
      window.removeEventListener('keydown', press);
      window.removeEventListener('keyup', release);
    };
  }, [store, router]);
}

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const viewOf = (key: string): ZoomView | undefined => ZOOM_VIEWS.find((view) => view === VIEW_LETTERS[key]);

function next(names: readonly string[], current: string | undefined, step: number): string | undefined {
  const at = current ? names.indexOf(current) : -1;
  return names.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % names.length);
}

/** The one deployment of a device; where there are several or none, the page that lists them. */
function deploymentPath(name: string, view: DeviceView | undefined): string {
  const [only, ...others] = view?.status.value?.deployments ?? [];
  return only && others.length === 0 ? `/deployments/${only.name}` : `/d/${name}`;
}

const openMenu = (name: string) => document.querySelector<HTMLElement>(`[data-menu="${CSS.escape(name)}"]`)?.click();

/** The seats that can take the focus, as they stand on the page. */
function seatsOf(): { button: HTMLElement; seat: HTMLElement }[] {
  return [...document.querySelectorAll<HTMLElement>('[data-grid] .seat')].flatMap((seat) => {
    const button = seat.querySelector<HTMLElement>('[data-seat]');
    return button ? [{ button, seat }] : [];
  });
}

function moveFocus(step: readonly [number, number]): void {
  const seats = seatsOf();
  const at = seats.findIndex(({ seat }) => seat.contains(document.activeElement));
  if (at < 0) {
    seats.find(({ button }) => button.tabIndex === 0)?.button.focus();
    return;
  }
  const to = nextSeat(
    seats.map(({ seat }) => seat.getBoundingClientRect()),
    at,
    step,
  );
  if (to !== undefined) seats[to]?.button.focus();
}

function moveTile(desk: WallDesk, name: string, step: readonly [number, number]): void {
  const seats = seatsOf().filter(({ seat }) => seat.dataset.tile);
  const to = nextSeat(
    seats.map(({ seat }) => seat.getBoundingClientRect()),
    seats.findIndex(({ seat }) => seat.dataset.tile === name),
    step,
  );
  const other = to === undefined ? undefined : seats[to]?.seat.dataset.tile;
  if (!other) return;
  desk.swap(name, other);
  // The tile is drawn elsewhere in the next frame; the focus goes with it.
  requestAnimationFrame(() => focusDevice(name));
}
