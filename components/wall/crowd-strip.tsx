'use client';
import { flushSync } from 'react-dom';
import type { Device } from '#contracts/device.ts';
import { displayName } from '#contracts/device-words.ts';
import { HEALTH_WORDS } from '#contracts/health.ts';
import { useDevice } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { StatusShape } from '../ui/status-shape.tsx';
import { focusDevice } from './focus-device.ts';
import { PAGE_SIZE, pagesFor } from './grid.ts';

interface CrowdStripProps {
  devices: readonly Device[];
  page: number;
  setPage: (page: number) => void;
  onOpen: (name: string) => void;
}

/**
 * More devices than one page holds: a shape for each, always in sight. A press opens its tile, or turns to its page; the keyboard
 * then is on that tile, not on the shape, which Tab does not reach.
 */
export function CrowdStrip({ devices, page, setPage, onOpen }: CrowdStripProps) {
  const pages = pagesFor(devices.length);
  if (pages === 1) return null;
  function press(name: string, itsPage: number) {
    if (itsPage === page) onOpen(name);
    else {
      flushSync(() => setPage(itsPage));
      focusDevice(name);
    }
  }
  return (
    <nav aria-label="All devices" className="flex items-start gap-3 border-b border-line px-4 py-2">
      <div className="flex max-h-20 min-w-0 flex-1 flex-wrap gap-px overflow-y-auto">
        {devices.map((device, index) => (
          <Cell
            key={device.name}
            name={device.name}
            current={Math.floor(index / PAGE_SIZE) === page}
            onPress={() => press(device.name, Math.floor(index / PAGE_SIZE))}
          />
        ))}
      </div>
      <div className="flex shrink-0 items-center gap-1">
        <Button look="quiet" disabled={page === 0} onClick={() => setPage(page - 1)} aria-label="Page before">
          ‹
        </Button>
        <span className="text-13 text-muted">
          {page + 1} of {pages}
        </span>
        <Button look="quiet" disabled={page >= pages - 1} onClick={() => setPage(page + 1)} aria-label="Next page">
          ›
        </Button>
      </div>
    </nav>
  );
}

function Cell({ name, current, onPress }: { name: string; current: boolean; onPress: () => void }) {
  const health = useDevice(name)?.health ?? 'not-seen';
  const label = `${displayName(name)}, ${HEALTH_WORDS[health]}`;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={label}
      onClick={onPress}
      className={current ? 'rounded-plate p-0.5' : 'rounded-plate p-0.5 opacity-60'}
    >
      <StatusShape health={health} size={12} className="[--shape-cut:var(--bg)]" />
    </button>
  );
}
