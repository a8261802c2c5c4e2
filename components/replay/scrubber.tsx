'use client';
/** The line of time: what happened when, pauses, chapters and hits, and a slider over it all. */
import { type Chapter, playTime, type Span } from './timeline.ts';

interface ScrubberProps {
  t: number;
  lengthS: number;
  bars: readonly number[];
  idle: readonly Span[];
  chapters: readonly Chapter[];
  hits: readonly number[];
  onSeek: (t: number) => void;
}

const WIDTH = 1_000;
const HEIGHT = 40;

export function Scrubber({ t, lengthS, bars, idle, chapters, hits, onSeek }: ScrubberProps) {
  const x = (seconds: number) => (lengthS > 0 ? (seconds / lengthS) * WIDTH : 0);
  return (
    <div className="relative h-12 min-w-0 flex-1 basis-72">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden
        className="absolute inset-x-0 top-1 h-10 w-full"
      >
        <rect width={WIDTH} height={HEIGHT} className="fill-raised" rx={4} />
        <path d={barsPath(bars)} className="fill-line-strong" />
        {idle.map(({ from, to }) => (
          <rect key={from} x={x(from)} width={x(to) - x(from)} height={HEIGHT} className="fill-bg opacity-60" />
        ))}
        <rect width={x(t)} height={HEIGHT} className="fill-accent opacity-25" />
        {chapters.map((one) => (
          <rect key={`${one.t} ${one.words}`} x={x(one.t)} width={3} height={HEIGHT} className="fill-text" />
        ))}
        {hits.map((hit) => (
          <path key={hit} d={`M${x(hit) - 6} 0h12l-6 12z`} className="fill-st-attention" />
        ))}
        <rect x={x(t) - 2} width={4} height={HEIGHT} className="fill-focus" />
      </svg>
      <input
        type="range"
        aria-label="Time"
        aria-valuetext={`${playTime(t)} of ${playTime(lengthS)}`}
        min={0}
        max={lengthS}
        step="any"
        value={t}
        onChange={(event) => onSeek(Number(event.target.value))}
        className="absolute inset-0 h-full w-full cursor-pointer appearance-none bg-transparent [&::-moz-range-thumb]:opacity-0 [&::-webkit-slider-thumb]:opacity-0"
      />
    </div>
  );
}

function barsPath(bars: readonly number[]): string {
  const width = WIDTH / Math.max(1, bars.length);
  return bars
    .map((height, index) => (height > 0 ? `M${index * width} ${HEIGHT}v${-height * 26}h${width}V${HEIGHT}z` : ''))
    .join('');
}
