'use client';
import { type ComponentType, memo } from 'react';
import type { Device } from '#contracts/device.ts';
import { displayName } from '#contracts/device-words.ts';
import { HEALTH_WORDS, type Health } from '#contracts/health.ts';
import type { Face } from '#contracts/peek.ts';
import type { DeviceSlotProps } from '../live/panes.tsx';
import { useDevice, useHub } from '../live/use-wall.ts';
import { classNames } from '../ui/class-names.ts';
import { frameStyle, Plate } from '../ui/plate.tsx';
import { StatusShape } from '../ui/status-shape.tsx';
import { AwayNotice } from '../wall/away-notice.tsx';
import { tileName } from '../wall/tile-name.ts';
import { TileFoot } from '../wall/tile-parts.tsx';
import { LazyTilePicture } from '../wall/tile-picture-lazy.tsx';
import { useFaces } from '../wall/use-faces.ts';

interface TvTileProps {
  device: Device;
  chosen: Face | undefined;
  height: number;
  /** The name of the shape is shown too. */
  words: boolean;
  caption: ComponentType<DeviceSlotProps>;
}

const SHAPE_PX = 36;
/** Below this a picture would be a stripe. */
const PICTURE_FROM_PX = 230;
const FRAMES: Partial<Record<Health, string>> = {
  offline: 'border-dashed',
  'not-seen': 'border-dotted',
  failed: 'border-t-[8px]',
};

/** A frame to be read from the sofa: name and shape first, the picture where there is room for one. */
export const TvTile = memo(function TvTile({ device, chosen, height, words, caption: Caption }: TvTileProps) {
  const view = useDevice(device.name);
  const hubLost = useHub().phase === 'lost';
  const { face } = useFaces(view, chosen);
  if (!view) return null;
  const { health } = view;
  const away = health === 'offline' || health === 'not-seen';
  const question = view.status.value?.work?.asks[0]?.question;
  const picture = face.kind !== 'services' && height >= PICTURE_FROM_PX;
  return (
    <article
      aria-label={tileName(view, hubLost)}
      data-health={health}
      style={frameStyle(device.seat)}
      className={classNames(
        'tile relative flex h-full min-h-0 min-w-0 flex-col overflow-hidden rounded-tile border-4 border-frame bg-surface [contain:strict]',
        FRAMES[health],
      )}
    >
      <header className="flex shrink-0 items-center gap-3 pr-4">
        <Plate name={device.name} seat={device.seat} size="md" className="rounded-none rounded-br-[6px]" />
        <h2 className="min-w-0 flex-1 truncate py-1 text-20 leading-tight font-semibold">{displayName(device.name)}</h2>
        {words ? <span className="text-20 leading-tight">{HEALTH_WORDS[health]}</span> : null}
        <StatusShape health={health} size={SHAPE_PX} {...(words ? {} : { title: HEALTH_WORDS[health] })} />
      </header>
      {picture ? (
        <LazyTilePicture view={view} face={face} frozenAtMs={undefined} />
      ) : (
        <div className="relative min-h-0 flex-1 overflow-hidden">{away ? <AwayNotice view={view} /> : null}</div>
      )}
      {question && !away ? (
        <p className="line-clamp-2 shrink-0 bg-st-needs px-4 py-1 text-15 font-semibold text-st-needs-ink">{question}</p>
      ) : away ? null : (
        <div className="shrink-0 px-3">
          <Caption device={view.name} />
        </div>
      )}
      {away ? null : <TileFoot view={view} device={device} hubLost={hubLost} height={height} face={picture ? face : SERVICES} />}
    </article>
  );
});

const SERVICES: Face = { kind: 'services' };
