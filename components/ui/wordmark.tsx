/** Wordmark: nine seats, the middle one taken by the plate, and the name beside them. */
const seats = [0, 1, 2, 3, 5, 6, 7, 8];
const fills = ['tangerine', 'lagoon', 'marigold', 'iris', 'fern', 'rose', 'sky', 'brick'];

export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg viewBox="0 0 22 22" width={size} height={size} aria-hidden="true" className="shrink-0">
      {seats.map((seat, index) => (
        <rect
          key={seat}
          x={(seat % 3) * 8}
          y={Math.floor(seat / 3) * 8}
          width="6"
          height="6"
          rx="1.2"
          fill={`var(--frame-${fills[index]})`}
        />
      ))}
      <rect x="8" y="8" width="6" height="6" rx="1.2" fill="currentColor" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2.5 text-17 font-bold">
      <Mark />
      <span className="max-sm:sr-only">Scorewall</span>
    </span>
  );
}
