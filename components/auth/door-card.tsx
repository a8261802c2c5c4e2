import type { ReactNode } from 'react';

const FRAMES = ['tangerine', 'lagoon', 'marigold', 'iris', '', 'fern', 'rose', 'sky', 'brick'];

interface DoorCardProps {
  title: string;
  note: string;
  children: ReactNode;
}

/** The door: the nine frames, dim, and the card in front of the middle one. */
export function DoorCard({ title, note, children }: DoorCardProps) {
  return (
    <main className="relative grid min-h-dvh place-items-center overflow-hidden p-4">
      <div aria-hidden="true" className="absolute inset-0 grid grid-cols-3 grid-rows-3 gap-3 p-4 opacity-25">
        {FRAMES.map((colour) => (
          <div
            key={colour}
            className="rounded-tile border-(length:--frame)"
            style={{ borderColor: colour ? `var(--frame-${colour})` : 'transparent' }}
          />
        ))}
      </div>
      <section className="relative flex w-full max-w-[26rem] flex-col gap-6 rounded-tile border-2 border-text bg-bg p-8 outline-1 -outline-offset-8 outline-line-strong max-sm:p-6">
        <header className="text-center">
          <h1 className="text-26 font-bold uppercase [letter-spacing:0.2em] [margin-right:-0.2em]">{title}</h1>
          <p className="mt-1 text-muted">{note}</p>
        </header>
        {children}
      </section>
    </main>
  );
}
