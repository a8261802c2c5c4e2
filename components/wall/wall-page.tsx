'use client';
/** The Wall: every device in its frame, the title in the middle, and nothing that moves by itself. */
import dynamic from 'next/dynamic';
import { useMemo, useState } from 'react';
import type { Device } from '#contracts/device.ts';
import { useDevices, useLoaded } from '../live/use-wall.ts';
import { TopBar } from '../ui/top-bar.tsx';
import { CrowdStrip } from './crowd-strip.tsx';
import { HubBanner } from './hub-banner.tsx';
import { LiveRegion } from './live-region.tsx';
import { NoMatch } from './no-match.tsx';
import { ProblemStrip } from './problem-strip.tsx';
import { pageOf } from './seats.ts';
import { useDocumentTitle } from './use-document-title.ts';
import { useWallKeys } from './use-wall-keys.ts';
import { useZoomed } from './use-zoomed.ts';
import { WallBar } from './wall-bar.tsx';
import { WallGrid } from './wall-grid.tsx';
import { WallLoading } from './wall-loading.tsx';
import { useWallView } from './wall-view.ts';

const Zoom = dynamic(() => import('./zoom.tsx').then((module) => module.Zoom), { ssr: false });

export function WallPage() {
  const loaded = useLoaded();
  const all = useDevices();
  const [view, setView] = useWallView();
  const [filter, setFilter] = useState('');
  const [page, setPage] = useState(0);
  const { name: zoomed, view: zoomView, zoom } = useZoomed();
  const devices = useMemo(() => matching(all, filter), [all, filter]);
  const shown = pageOf(devices, page);
  useDocumentTitle();
  useWallKeys({ setView, zoom, setPage });

  return (
    <div className="wall flex h-dvh flex-col max-sm:h-auto max-sm:min-h-dvh">
      <TopBar>
        <WallBar view={view} setView={setView} filter={filter} setFilter={setFilter} />
      </TopBar>
      <HubBanner />
      <ProblemStrip onOpen={zoom} />
      <CrowdStrip devices={devices} page={page} setPage={setPage} onOpen={zoom} />
      <main id="main" tabIndex={-1} aria-label="Wall" className="flex min-h-0 flex-1 flex-col outline-none">
        {!loaded ? (
          <WallLoading />
        ) : filter && devices.length === 0 ? (
          <NoMatch filter={filter} clear={() => setFilter('')} />
        ) : (
          <WallGrid devices={shown} filtered={filter !== ''} view={view} onOpen={zoom} />
        )}
      </main>
      {zoomed ? <Zoom name={zoomed} view={zoomView} onChange={zoom} /> : null}
      <LiveRegion />
    </div>
  );
}

function matching(devices: readonly Device[], filter: string): readonly Device[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return devices;
  return devices.filter(({ name, labels }) => {
    const text = [name, ...Object.entries(labels).map(([key, value]) => `${key}:${value}`)].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
