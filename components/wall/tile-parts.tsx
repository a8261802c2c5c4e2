/** The parts every density shares, in the one order: plate, name, shape, word; and below: freshness, services, temperature. */
import type { ReactNode } from 'react';
import type { Device } from '#contracts/device.ts';
import { displayName } from '#contracts/device-words.ts';
import { countServices, type Health, isAgentChanging } from '#contracts/health.ts';
import type { Face } from '#contracts/peek.ts';
import type { DeviceView } from '../live/device-view.ts';
import { classNames } from '../ui/class-names.ts';
import { Plate } from '../ui/plate.tsx';
import { HealthWord, StatusShape } from '../ui/status-shape.tsx';
import { Age, Freshness } from './freshness.tsx';
import { LazyPeekFreshness } from './tile-picture-lazy.tsx';

export interface TileContentProps {
  view: DeviceView;
  device: Device;
  hubLost: boolean;
  height: number;
  face: Face;
  frozenAtMs?: number | undefined;
  onContinue?: (() => void) | undefined;
  menu?: ReactNode;
}

interface TileHeadProps {
  device: Device;
  health: Health;
  size: 'sm' | 'md';
  menu?: ReactNode;
}

/** The plate grows out of the frame's corner, like a name under a face. */
export function TileHead({ device, health, size, menu }: TileHeadProps) {
  const place = device.labels.site;
  return (
    <header
      className={classNames(
        'pointer-events-none flex shrink-0 items-center',
        size === 'md' ? 'gap-2.5 pr-3' : 'gap-2 pr-2 touch:pr-3',
      )}
    >
      <Plate name={device.name} seat={device.seat} size={size === 'md' ? 'md' : 'sm'} className="rounded-none rounded-br-[6px]" />
      <h2 className="flex min-w-0 flex-1 items-baseline gap-2">
        <span
          className={classNames(
            'truncate font-semibold',
            size === 'md' ? 'text-17' : 'text-15 [@container(max-width:11.5rem)]:text-13',
          )}
        >
          {displayName(device.name)}
        </span>
        {place && size === 'md' ? <span className="min-w-0 shrink-[9] truncate text-13 text-muted">{place}</span> : null}
      </h2>
      {device.local && size === 'md' ? <LocalStamp /> : null}
      {size === 'md' ? <HealthWord health={health} size={18} className="text-15" /> : <StatusShape health={health} size={18} />}
      {menu}
    </header>
  );
}

export function LocalStamp() {
  return (
    <span
      title="Runs on this machine: a real agent, real containers."
      className="shrink-0 rounded-plate border border-line-strong px-1.5 text-13 leading-5 font-semibold tracking-[0.12em] text-muted"
    >
      LOCAL
    </span>
  );
}

export function TileFoot({ view, hubLost, face, frozenAtMs }: TileContentProps) {
  const status = view.status.value;
  const { running, total } = countServices(status);
  const heat = status?.host.temperatureCelsius;
  // Between two agents nobody reports: that is no news.
  const isAgentAway = isAgentChanging(status) && view.freshness === 'late' && !hubLost && frozenAtMs === undefined;
  return (
    <footer className="pointer-events-none flex h-7 shrink-0 items-center gap-2 overflow-hidden px-3 text-13 whitespace-nowrap text-muted">
      {isAgentAway ? null : <TileFreshness view={view} hubLost={hubLost} face={face} frozenAtMs={frozenAtMs} />}
      {isAgentChanging(status) ? (
        <>
          {isAgentAway ? null : <Dot />}
          <span className="truncate text-text">{AGENT_CHANGES}</span>
        </>
      ) : null}
      {total > 0 ? (
        <>
          <Dot />
          <span>
            {running} of {total}
          </span>
        </>
      ) : null}
      {typeof heat === 'number' ? (
        <>
          <Dot />
          <span>{Math.round(heat)} °C</span>
        </>
      ) : null}
    </footer>
  );
}

/** What a tile says of it, where its words of freshness are: nothing moves for it. */
export const AGENT_CHANGES = 'Updating its agent';

export const Dot = () => <span aria-hidden="true">·</span>;

type TileFreshnessProps = Pick<TileContentProps, 'view' | 'hubLost' | 'face' | 'frozenAtMs'>;

/** The age of what is seen: of the picture while the device is live, else of its report. */
function TileFreshness({ view, hubLost, face, frozenAtMs }: TileFreshnessProps) {
  if (frozenAtMs !== undefined)
    return (
      <span className="text-text">
        Frozen, <Age atMs={frozenAtMs} />
      </span>
    );
  return face.kind === 'services' || hubLost || view.freshness !== 'live' ? (
    <Freshness view={view} hubLost={hubLost} />
  ) : (
    <LazyPeekFreshness device={view.name} face={face} />
  );
}
