'use client';
import type { Face } from '#contracts/peek.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { age } from '../ui/words.ts';
import { usePictureState } from './use-peek.ts';

/** The age of a picture in a word. It is drawn again only when the word changes. */
export function PeekFreshness({ device, face }: { device: string; face: Face }) {
  const { freshness } = usePictureState(device, face);
  switch (freshness.word) {
    case 'live':
      return <span>Live</span>;
    case 'quiet':
      return <span title="Nothing changed there for more than 5 s.">Quiet</span>;
    case 'late':
      return (
        <span className="inline-flex items-center gap-1.5 text-text" title="Slow link. Pictures come when they can.">
          <StatusShape health="attention" size={14} />
          Late, {age(freshness.ageMs)} ago
        </span>
      );
    case 'waiting':
      return <span>Waits for its picture</span>;
  }
}
