'use client';
/** A tile grown to full size. Esc leads back to the same tile, the arrows to its neighbours; while keys go to the device, nothing here has any. */
import { Dialog } from '@base-ui/react/dialog';
import { useRouter } from 'next/navigation';
import { type CSSProperties, type KeyboardEvent, type TouchEvent, useEffect, useRef, useState } from 'react';
import { displayName } from '#contracts/device-words.ts';
import { lettersAreOn } from '../keys/letters.ts';
import { usePanes } from '../live/panes.tsx';
import { useDevice, useDevices } from '../live/use-wall.ts';
import { makeWish, wantsToType } from '../live/wishes.ts';
import { frameStyle } from '../ui/plate.tsx';
import { request } from '../ui/requests.ts';
import { Tabs } from '../ui/tabs.tsx';
import { HostFacts } from './host-facts.tsx';
import { useFaces } from './use-faces.ts';
import { type OpenZoom, ZOOM_VIEWS, type ZoomView } from './use-zoomed.ts';
import { ZoomHead } from './zoom-head.tsx';
import { useKeyboardHeight } from './zoom-keyboard.ts';
import { movesAside, swipeOf, zoomKey } from './zoom-keys.ts';
import { ZoomServices } from './zoom-services.tsx';

interface ZoomProps {
  name: string;
  /** Undefined: what suits the device. */
  view: ZoomView | undefined;
  onChange: OpenZoom;
}

export function Zoom({ name, view: chosen, onChange }: ZoomProps) {
  const view = useDevice(name);
  const devices = useDevices();
  const router = useRouter();
  const panes = usePanes();
  const popup = useRef<HTMLDivElement>(null);
  const touched = useRef<{ x: number; y: number }>(undefined);
  const [from] = useState(() => rectangleOf(name));
  const [typing, setTyping] = useState(false);
  const { choices, face } = useFaces(view, undefined);
  const keyboardPx = useKeyboardHeight();
  const open = view?.device.value !== undefined;

  // The tile may have been removed while it was open.
  useEffect(() => {
    if (!open) onChange(undefined);
  }, [open, onChange]);
  if (!view || !open) return null;

  const hasScreen = choices.some((one) => one.face.kind === 'screen');
  const away = view.health === 'offline' || view.health === 'not-seen';
  const shown = chosen ?? (away ? 'services' : hasScreen ? 'screen' : face.kind === 'log' ? 'logs' : 'terminal');
  const paneProps = { device: name, onTyping: setTyping };
  const deployments = view.status.value?.deployments ?? [];

  function toNeighbour(step: 1 | -1) {
    const neighbour = devices[devices.findIndex((one) => one.name === name) + step];
    if (neighbour) onChange(neighbour.name, chosen);
  }

  function keys(event: KeyboardEvent) {
    const target = event.target as Element;
    if (typing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target === popup.current && shown === 'logs' && LOG_KEYS.has(event.key) && lettersAreOn()) {
      event.preventDefault();
      toLines(popup.current, event.key);
      return;
    }
    if (event.shiftKey && event.key !== '?') return;
    // Menus and dialogs of the views are drawn elsewhere and have their own keys.
    if (!popup.current?.contains(target) || target.closest('input, textarea, select, [role=menu], [data-own-keys]')) return;
    const comes = event.key === 't' && lettersAreOn() && popup.current.querySelector('[data-pane-comes]') !== null;
    if (comes) makeWish('type', name);
    // What is typed after t is meant for the device, also where the terminal is not there yet.
    if (comes || (event.key.length === 1 && wantsToType(name))) {
      event.preventDefault();
      return;
    }
    const onControl = target.closest('button, a, [role=tab]') !== null;
    if (onControl && target.closest('[role=tab]') && event.key.startsWith('Arrow')) return;
    const what = zoomKey(event.key, { shown, letters: lettersAreOn(), onControl });
    if (!what) return;
    event.preventDefault();
    if (what.kind === 'neighbour') toNeighbour(what.step);
    else if (what.kind === 'view') onChange(name, what.view);
    else if (what.kind === 'menu') popup.current?.querySelector<HTMLElement>('[data-zoom-menu]')?.click();
    else if (what.kind === 'keys') request('keys');
    else if (what.kind === 'deployment')
      router.push(deployments.length === 1 ? `/deployments/${deployments[0]!.name}` : `/d/${name}`);
    else {
      onChange(name, 'terminal');
      makeWish(what.wish, name);
    }
  }

  function touchEnd(event: TouchEvent) {
    const start = touched.current;
    const end = event.changedTouches[0];
    touched.current = undefined;
    if (typing || !start || !end) return;
    const step = swipeOf(end.clientX - start.x, end.clientY - start.y);
    if (step) toNeighbour(step);
  }

  const contents: Record<ZoomView, { label: string; content: React.ReactNode }> = {
    screen: { label: 'Screen', content: <panes.screen key={name} {...paneProps} /> },
    terminal: { label: 'Terminal', content: <panes.terminal key={name} {...paneProps} /> },
    logs: {
      label: 'Logs',
      content: (
        <panes.logs
          key={name}
          {...paneProps}
          {...(face.kind === 'log' ? { deployment: face.deployment, service: face.service } : {})}
        />
      ),
    },
    services: { label: 'Services', content: <ZoomServices view={view} /> },
    info: {
      label: 'Info',
      content: view.status.value ? <HostFacts status={view.status.value} /> : <p className="text-muted">No report yet.</p>,
    },
  };

  return (
    <Dialog.Root
      open
      onOpenChange={(next, details) => {
        // While typing Esc is the device's (vim needs it); a press outside only stops typing.
        if (!next && typing) details.cancel();
        else if (!next) onChange(undefined);
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-backdrop" />
        <Dialog.Popup
          ref={popup}
          initialFocus={popup}
          onKeyDown={keys}
          // On the way in: a desktop keeps its touches to itself.
          onTouchStartCapture={(event) => {
            const touch =
              event.touches.length === 1 && !movesAside(event.target, event.currentTarget) ? event.touches[0] : undefined;
            touched.current = touch && { x: touch.clientX, y: touch.clientY };
          }}
          onTouchEndCapture={touchEnd}
          finalFocus={() => document.querySelector<HTMLElement>(`[data-device="${CSS.escape(name)}"]`)}
          style={{ ...frameStyle(view.device.value!.seat), ...from, ...(keyboardPx > 0 ? { bottom: keyboardPx } : {}) }}
          className="zoom fixed inset-4 z-50 flex flex-col overflow-hidden rounded-tile border-(length:--frame-focus) border-frame bg-surface outline-none max-sm:inset-0 max-sm:rounded-none short:inset-0 short:rounded-none"
        >
          <ZoomHead view={view} panes={panes} />
          <panes.ask device={name} />
          <div className="flex min-h-0 flex-1">
            <Tabs
              label={`Views of ${displayName(name)}`}
              value={shown}
              onChange={(next) =>
                onChange(
                  name,
                  ZOOM_VIEWS.find((one) => one === next),
                )
              }
              className="min-w-0 flex-1 px-5 max-sm:flex-col-reverse max-sm:px-0 short:px-0"
              panelClassName={
                shown === 'services' || shown === 'info'
                  ? 'overflow-y-auto py-4 outline-none max-sm:px-4 short:px-4'
                  : 'flex flex-col pb-4 outline-none max-sm:pb-0 short:overflow-y-auto short:pb-0 [&>*]:min-h-0 [&>*]:flex-1 short:[&>*]:min-h-80'
              }
              tabs={ZOOM_VIEWS.map((value) => ({ value, ...contents[value] }))}
            />
            <aside
              aria-label="Beside it"
              className="w-72 shrink-0 overflow-y-auto border-l border-line p-4 empty:hidden max-lg:hidden"
            >
              <panes.steps device={name} />
            </aside>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What the lines of a log know; of the keys that mean something to the tile as well, the tile's come first. */
const LOG_KEYS: ReadonlySet<string> = new Set(['f', 'w', '/', 'n', 'N', 'j', 'k', 'D']);

/** Who has just opened the logs need not go into the lines first. */
function toLines(popup: Element, key: string): void {
  const lines = popup.querySelector<HTMLElement>('[role=log]');
  lines?.focus({ preventScroll: true });
  lines?.dispatchEvent(new globalThis.KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}

/** Where the tile is now, as the start of the growth. */
function rectangleOf(name: string): CSSProperties {
  const tile = document.querySelector(`[data-device="${CSS.escape(name)}"]`)?.getBoundingClientRect();
  if (!tile) return {};
  const { innerWidth, innerHeight } = window;
  return {
    '--from-x': `${tile.left + tile.width / 2 - innerWidth / 2}px`,
    '--from-y': `${tile.top + tile.height / 2 - innerHeight / 2}px`,
    '--from-scale-x': tile.width / innerWidth,
    '--from-scale-y': tile.height / innerHeight,
  } as CSSProperties;
}
