/** The face of a terminal: what changed on its screen, as the process that holds it tells. */
import type { Face, TerminalPeek } from '#contracts/peek.ts';
import type { PictureMaker, PictureSource } from '../../terminals/picture.ts';
import type { FaceMaker, PeekPace } from './peek-feed.ts';
import type { ServiceWords } from './service-words.ts';

export type TerminalFace = Extract<Face, { kind: 'terminal' }>;

/** Cells are about half as wide as high. */
const CELL_RATIO = 0.5;
/** Most programs write for as many: fewer would cut their lines on a small tile. */
const LEAST_COLUMNS = 80;
const WHOLE_AGAIN_MS = 1_000;

export function terminalFace(terminals: PictureMaker, words: ServiceWords): FaceMaker<TerminalFace> {
  return {
    whyNot: ({ deployment, service }) => (deployment && service ? words.whyNoTerminal({ deployment, service }) : undefined),
    start: (face, pace, sink) => {
      let again: ReturnType<typeof setTimeout> | undefined;
      const onPicture = (picture: TerminalPeek) => {
        // Between a picture that did not go out and the next whole one nothing can be drawn.
        if (again && !picture.full) return;
        sink.tell(undefined);
        if (sink.publish(new TextEncoder().encode(JSON.stringify(picture)))) {
          clearTimeout(again);
          again = undefined;
          return;
        }
        clearTimeout(again);
        again = setTimeout(() => watch.resync(), WHOLE_AGAIN_MS);
      };
      const watch = terminals.watchPicture(
        { source: sourceOf(face), ...toSize(pace) },
        { onPicture, onNothing: (why) => sink.tell(why) },
      );
      return {
        setPace: (next) => watch.resize(toSize(next)),
        resync: () => watch.resync(),
        stop: () => {
          clearTimeout(again);
          watch.stop();
        },
      };
    },
  };
}

function sourceOf({ deployment, service }: TerminalFace): PictureSource {
  return deployment && service ? { kind: 'service', deployment, service } : { kind: 'newest-host' };
}

function toSize({ fps, width, height, rows }: PeekPace) {
  const fitting = Math.ceil(width / ((height / rows) * CELL_RATIO));
  return { fps, rows, cols: Math.min(500, Math.max(LEAST_COLUMNS, fitting)) };
}
