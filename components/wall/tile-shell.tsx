/** What a tile with room is, whatever its size: who it is, a picture or its services, the words of its agent, how fresh it is. */
import type { ComponentType } from 'react';
import { classNames } from '../ui/class-names.ts';
import { AwayNotice } from './away-notice.tsx';
import { type TileContentProps, TileFoot, TileHead } from './tile-parts.tsx';
import { LazyTilePicture } from './tile-picture-lazy.tsx';
import { TileWords, wordsHeight } from './tile-words.tsx';

const HEAD_PX = 34;
const FOOT_PX = 28;
const FRAME_PX = 6;
/** Of a row of a service, and of a line of an event. */
export const ROW_PX = 26;
export const EVENT_PX = 21;

/** Pixels for services and events, inside the padding. */
export const roomOf = ({ view, height }: TileContentProps, paddingPx: number): number =>
  height - HEAD_PX - FOOT_PX - FRAME_PX - paddingPx - wordsHeight(view);

export interface ServicesProps extends TileContentProps {
  /** Shown grey: nothing is known of it now. */
  away: boolean;
}

interface TileShellProps extends TileContentProps {
  services: ComponentType<ServicesProps>;
  /** Of the services. */
  paddingClass: string;
}

export function TileShell({ services: Services, paddingClass, ...props }: TileShellProps) {
  const { view, device, face } = props;
  const away = view.health === 'offline' || view.health === 'not-seen';
  return (
    <>
      <TileHead device={device} health={view.health} size="md" menu={props.menu} />
      {face.kind === 'services' ? (
        <div className={classNames('pointer-events-none relative min-h-0 flex-1 overflow-hidden', paddingClass)}>
          <div className={away ? 'opacity-40 grayscale [&_a]:pointer-events-none' : undefined}>
            <Services {...props} away={away} />
          </div>
          {away ? <AwayNotice view={view} /> : null}
        </div>
      ) : (
        <LazyTilePicture view={view} face={face} frozenAtMs={props.frozenAtMs} onContinue={props.onContinue} />
      )}
      {away ? null : <TileWords view={view} />}
      {away ? null : <TileFoot {...props} />}
    </>
  );
}
