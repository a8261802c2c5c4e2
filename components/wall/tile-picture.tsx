'use client';
/** The picture of a tile, with what is true about it: frozen by a person, or the last one of a device that is away. */
import type { DeviceView } from '../live/device-view.ts';
import { PeekFace, type PictureKind } from '../peek/peek-face.tsx';
import { usePictureState } from '../peek/use-peek.ts';
import { Button } from '../ui/button.tsx';
import { clockWithSeconds } from '../ui/words.ts';
import { AwayNotice } from './away-notice.tsx';

interface TilePictureProps {
  view: DeviceView;
  face: PictureKind;
  frozenAtMs: number | undefined;
  onContinue?: (() => void) | undefined;
}

export function TilePicture({ view, face, frozenAtMs, onContinue }: TilePictureProps) {
  const { heardAtMs, pictured } = usePictureState(view.name, face);
  const away = view.health === 'offline' || view.health === 'not-seen';
  return (
    <div className="pointer-events-none relative min-h-0 flex-1 overflow-hidden">
      <div className={away ? 'absolute inset-0 opacity-50 grayscale' : 'absolute inset-0'}>
        <PeekFace device={view.name} face={face} frozen={frozenAtMs !== undefined} quiet={away} />
      </div>
      {away ? <AwayNotice view={view} pictureAtMs={pictured ? heardAtMs : undefined} /> : null}
      {!away && frozenAtMs !== undefined ? (
        <p className="absolute inset-x-0 bottom-0 flex items-center gap-3 bg-surface/95 px-3 py-1 text-13">
          <span aria-hidden="true" className="font-bold tracking-[0.1em]">
            ❚❚
          </span>
          <span className="min-w-0 flex-1 truncate">Frozen by you at {clockWithSeconds(frozenAtMs)}.</span>
          <Button
            look="quiet"
            tabIndex={-1}
            className="pointer-events-auto relative z-10 min-h-7 px-2 text-13 text-text"
            onClick={onContinue}
          >
            Continue
          </Button>
        </p>
      ) : null}
    </div>
  );
}
