/** What a key means in an open tile while nobody types to its device. Pure. */
import { ZOOM_VIEWS, type ZoomView } from './use-zoomed.ts';

export type ZoomKey =
  | { kind: 'neighbour'; step: 1 | -1 }
  | { kind: 'view'; view: ZoomView }
  /** Take control of the terminal, or read its output, which another view does not show. */
  | { kind: 'wish'; wish: 'type' | 'read-output' }
  | { kind: 'deployment' }
  | { kind: 'menu' }
  | { kind: 'keys' };

const VIEW_KEYS: Readonly<Record<string, ZoomView>> = { s: 'services', i: 'info', l: 'logs' };

export interface ZoomKeySituation {
  shown: ZoomView;
  /** Letters may be switched off. */
  letters: boolean;
  /** The focus stands on a control, which Tab leaves as everywhere. */
  onControl: boolean;
}

export function zoomKey(key: string, { shown, letters, onControl }: ZoomKeySituation): ZoomKey | undefined {
  if (key === 'ArrowLeft') return { kind: 'neighbour', step: -1 };
  if (key === 'ArrowRight') return { kind: 'neighbour', step: 1 };
  if (key === 'Tab' && !onControl)
    return { kind: 'view', view: ZOOM_VIEWS[(ZOOM_VIEWS.indexOf(shown) + 1) % ZOOM_VIEWS.length]! };
  if (!letters) return undefined;
  const view = VIEW_KEYS[key];
  if (view) return { kind: 'view', view };
  // The terminal and the screen have these keys themselves while they are shown.
  if (key === 't' && shown !== 'terminal' && shown !== 'screen') return { kind: 'wish', wish: 'type' };
  if (key === 'o' && shown !== 'terminal') return { kind: 'wish', wish: 'read-output' };
  if (key === 'd') return { kind: 'deployment' };
  if (key === '.') return { kind: 'menu' };
  if (key === '?') return { kind: 'keys' };
  return undefined;
}

/** What a finger moves by itself: lines and pictures wider than their place, sliders. A swipe there is not meant for the tile. */
export function movesAside(target: EventTarget | null, place: Element): boolean {
  for (let at = target instanceof Element ? target : null; at && at !== place; at = at.parentElement) {
    if (at.matches('input, textarea, select, [data-moves-aside]')) return true;
    if (at.scrollWidth > at.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
  }
  return false;
}

/** A swipe of one finger to the side: which neighbour it asks for. */
export function swipeOf(dx: number, dy: number): 1 | -1 | undefined {
  if (Math.abs(dx) < 70 || Math.abs(dx) < 2 * Math.abs(dy)) return undefined;
  return dx < 0 ? 1 : -1;
}
