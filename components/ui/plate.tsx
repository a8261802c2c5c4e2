/**
 * Plate: the monogram of a device on its frame colour. `frameStyle(seat)` sets the colour for a whole subtree, where
 * `border-frame`, `bg-frame` and `text-frame` paint with it. From the 13th seat on the plate carries notches.
 */
import type { CSSProperties } from 'react';
import { FRAME_COLOURS, frameColour, monogram } from '#contracts/device-words.ts';
import { classNames } from './class-names.ts';

export const frameStyle = (seat: number): CSSProperties =>
  ({ '--frame-colour': `var(--frame-${frameColour(seat)})` }) as CSSProperties;

interface PlateProps {
  name: string;
  seat: number;
  /** `sm` 24 px, `md` 28 px, `lg` 40 px. */
  size?: 'sm' | 'md' | 'lg';
  className?: string;
}

const sizes = { sm: 'h-6 w-8 text-13', md: 'h-7 w-9 text-15', lg: 'h-10 w-13 text-20' } as const;
const NOTCH = 6;

export function Plate({ name, seat, size = 'md', className }: PlateProps) {
  const notches = Math.floor(seat / FRAME_COLOURS.length);
  return (
    <span
      aria-hidden="true"
      style={{ ...frameStyle(seat), ...(notches > 0 ? { clipPath: notchPath(Math.min(notches, 3)) } : {}) }}
      className={classNames(
        'inline-flex shrink-0 items-center justify-center rounded-plate bg-frame font-bold text-plate-ink forced-colors:border',
        sizes[size],
        className,
      )}
    >
      {monogram(name)}
    </span>
  );
}

/** Cuts one triangle a notch out of the lower edge, from the right. */
function notchPath(count: number): string {
  const cuts = Array.from({ length: count }, (_, index) => {
    const right = 2 + index * (NOTCH + 3);
    return `calc(100% - ${right}px) 100%, calc(100% - ${right + NOTCH / 2}px) calc(100% - ${NOTCH}px), calc(100% - ${right + NOTCH}px) 100%`;
  });
  return `polygon(0 0, 100% 0, 100% 100%, ${cuts.join(', ')}, 0 100%)`;
}
