'use client';
/** The Wall: every device in its frame, the title in the middle, and nothing that moves by itself. */
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { usePanes } from '../live/panes.tsx';
import { useMay } from '../live/use-me.ts';
import { useDevices, useLoaded } from '../live/use-wall.ts';
import { ButtonLink } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { toastStore } from '../ui/toast-store.ts';
import { TopBar } from '../ui/top-bar.tsx';
import { arrange, groupsOf, isBySeat, labelsOf, matching } from './arrange.ts';
import { CrowdStrip } from './crowd-strip.tsx';
import { DEVICES_OF_NINE, PAGE_SIZE, pagesFor } from './grid.ts';
import { HubBanner } from './hub-banner.tsx';
import { LiveRegion } from './live-region.tsx';
import { NoMatch } from './no-match.tsx';
import { ProblemStrip } from './problem-strip.tsx';
import { say } from './say.ts';
import { pageOf } from './seats.ts';
import { SelectionBar } from './selection-bar.tsx';
import { isMuted, setMuted } from './sounds.ts';
import { useDocumentTitle } from './use-document-title.ts';
import { useWallKeys } from './use-wall-keys.ts';
import { useWallSettings } from './use-wall-settings.ts';
import { useWallState } from './use-wall-state.ts';
import { useZoomed } from './use-zoomed.ts';
import { WallBar } from './wall-bar.tsx';
import { WallDeskContext } from './wall-desk.tsx';
import { WallGrid } from './wall-grid.tsx';
import { WallLoading } from './wall-loading.tsx';
import { pathOf, type WallQuestion } from './wall-menu.tsx';

const Zoom = dynamic(() => import('./zoom.tsx').then((module) => module.Zoom), { ssr: false });
const WallDialog = dynamic(() => import('./wall-dialogs.tsx').then((module) => module.WallDialog), { ssr: false });
const MoveDialog = dynamic(() => import('./wall-dialogs.tsx').then((module) => module.MoveDialog), { ssr: false });
const BroadcastBar = dynamic(() => import('./broadcast-bar.tsx').then((module) => module.BroadcastBar), { ssr: false });

export function WallPage({ name }: { name: string }) {
  const loaded = useLoaded();
  const all = useDevices();
  const router = useRouter();
  const { glances: Glances, renewals: Renewals, updates: Updates } = usePanes();
  const mayDrive = useMay('drive');
  const settings = useWallSettings(name);
  const { wall, phase, change } = settings;
  const [find, setFind] = useState('');
  const [wantedPage, setPage] = useState(0);
  const [question, setQuestion] = useState<WallQuestion>();
  const { name: zoomed, view: zoomView, zoom } = useZoomed();
  const state = useWallState(settings, all, zoom);
  const { desk, selection, moving, setMoving, broadcasting, setBroadcasting, leftOut, setLeftOut } = state;

  const filter = `${wall.filter} ${find}`.trim();
  const { order, pinned, group } = wall;
  const devices = useMemo(() => {
    const arranged = matching(arrange(all, { order, pinned }), filter);
    return group ? groupsOf(arranged, group).flatMap((one) => one.devices) : arranged;
  }, [all, order, pinned, filter, group]);
  const page = Math.min(wantedPage, pagesFor(devices.length) - 1);
  const shown = useMemo(() => pageOf(devices, page), [devices, page]);
  const folded = devices.length > DEVICES_OF_NINE || wall.layout === 'fill' || group !== null || filter !== '';
  const tvPath = `/tv?wall=${wall.name}`;
  const targets = [...selection.selected].filter((one) => !leftOut.has(one));

  // Behind the open tile stands its page, also where the arrows led past an end: there the keyboard is when it closes.
  const zoomedAt = zoomed ? devices.findIndex((one) => one.name === zoomed) : -1;
  useEffect(() => {
    if (zoomedAt >= 0) setPage(Math.floor(zoomedAt / PAGE_SIZE));
  }, [zoomedAt]);

  const stopBroadcast = useCallback(() => {
    setBroadcasting(false);
    setLeftOut(new Set());
  }, [setBroadcasting, setLeftOut]);
  const startBroadcast = () => {
    if (!mayDrive)
      toastStore.add({ title: 'You may watch these devices, not type to them.', text: 'Ask the owner to make you an operator.' });
    else if (selection.selected.size === 0)
      toastStore.add({ title: 'Select the devices first.', text: 'Press x on a tile, or Ctrl+click tiles, then b.' });
    else setBroadcasting(true);
  };

  useDocumentTitle(wall.title);
  useWallKeys({
    desk,
    setDensity: (density) => change({ density }),
    setPage: (step) =>
      setPage((before) =>
        Math.max(0, Math.min(pagesFor(devices.length) - 1, step(Math.min(before, pagesFor(devices.length) - 1)))),
      ),
    undo: settings.undo,
    redo: settings.redo,
    tidy: () => {
      change({ order: [], pinned: [] });
      say('Tidy: every tile is back on its seat.');
    },
    broadcast: startBroadcast,
    toTv: () => router.push(tvPath),
    mute: () => {
      const muted = !isMuted();
      setMuted(muted);
      toastStore.add({ title: muted ? 'Sounds and announcements are off.' : 'Sounds and announcements are on again.' });
    },
    toWall: (number) => {
      const entry = settings.entries[number - 1];
      if (entry) router.push(pathOf(entry.wall.name));
    },
    escape: () => {
      if (broadcasting) stopBroadcast();
      else if (selection.selected.size > 0) selection.clear();
      else if (find) setFind('');
      else return false;
      return true;
    },
  });

  return (
    <div className="wall flex h-dvh flex-col max-sm:h-auto max-sm:min-h-dvh">
      <TopBar>
        <WallBar
          settings={settings}
          folded={folded}
          labels={labelsOf(all)}
          tvPath={tvPath}
          ask={setQuestion}
          setDensity={(density) => change({ density })}
          setLayout={(layout) => change({ layout })}
          setGroup={(label) => change({ group: label })}
          find={find}
          setFind={setFind}
        />
      </TopBar>
      <HubBanner />
      <ProblemStrip onOpen={zoom} />
      <Updates />
      <CrowdStrip devices={devices} page={page} setPage={setPage} onOpen={zoom} />
      <main id="main" tabIndex={-1} aria-label="Wall" className="flex min-h-0 flex-1 flex-col outline-none">
        {phase === 'missing' ? (
          <EmptyState
            title={`No wall is called ${name}.`}
            text="It may have been deleted or renamed. Your devices are not affected."
            actions={<ButtonLink href="/">To the main wall</ButtonLink>}
          />
        ) : !loaded || phase === 'loading' ? (
          <WallLoading />
        ) : filter && devices.length === 0 ? (
          <NoMatch filter={filter} clear={() => (find ? setFind('') : change({ filter: '' }))} />
        ) : (
          <WallDeskContext value={desk}>
            <WallGrid
              wall={wall}
              devices={shown}
              bySeat={isBySeat(wall)}
              filtered={filter !== ''}
              marksOf={state.marksOf}
              onSwap={desk.swap}
              covered={broadcasting ? 'much' : selection.selected.size > 0 ? 'little' : undefined}
              footer={
                <>
                  <Glances />
                  <Renewals />
                </>
              }
            />
          </WallDeskContext>
        )}
      </main>
      {selection.selected.size > 0 && !broadcasting ? (
        <SelectionBar
          selected={[...selection.selected]}
          onBroadcast={mayDrive ? startBroadcast : undefined}
          onClear={selection.clear}
        />
      ) : null}
      {broadcasting ? <BroadcastBar targets={targets} leftOut={[...leftOut]} onStop={stopBroadcast} /> : null}
      {loaded && zoomed ? <Zoom name={zoomed} view={zoomView} onChange={zoom} /> : null}
      {question ? (
        <WallDialog question={question} settings={settings} find={find} onClose={() => setQuestion(undefined)} />
      ) : null}
      {moving ? <MoveDialog name={moving} devices={devices} onSwap={desk.swap} onClose={() => setMoving(undefined)} /> : null}
      <LiveRegion />
    </div>
  );
}
