'use client';
/**
 * PeekFace: the picture of a tile at rest, filling its parent (`relative`). Hidden from screen readers: the tile's name says what counts,
 * the zoomed tile shows it as text. Until there is a picture, why there is none.
 */
import type { Face } from '#contracts/peek.ts';
import { PeekCanvas } from './peek-canvas.tsx';
import { PeekLog } from './peek-log.tsx';
import { faceKey, usePictureState } from './use-peek.ts';

export type PictureKind = Exclude<Face, { kind: 'services' }>;

interface PeekFaceProps {
  device: string;
  face: PictureKind;
  frozen?: boolean;
  /** Somebody else says why there is nothing new. */
  quiet?: boolean;
}

export function PeekFace({ device, face, frozen = false, quiet = false }: PeekFaceProps) {
  const { pictured, why } = usePictureState(device, face);
  return (
    <>
      {face.kind === 'log' ? (
        <PeekLog key={faceKey(face)} device={device} face={face} frozen={frozen} />
      ) : (
        <PeekCanvas key={faceKey(face)} device={device} face={face} frozen={frozen} />
      )}
      {quiet || (pictured && !why) ? null : (
        <p className="absolute inset-x-0 bottom-0 bg-term/90 px-3 py-2 text-13 text-[#a9b4d0]">
          {why ?? 'Waiting for the first picture.'}
        </p>
      )}
    </>
  );
}
