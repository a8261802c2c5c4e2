/** Pictures of sessions for those who look at tiles: asked for by the agent, made as often as asked, sent where something changed. */
import type { PictureSize, PictureSource } from '../picture.ts';
import type { PicturesOf } from './server.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { TerminalPainter } from './terminal-painter.ts';

const MOST_WATCHES = 64;
/** Between two tries to open a service's own terminal. */
const OPEN_AGAIN_MS = 3_000;
const FIRST_SIZE = { cols: 120, rows: 40 };

interface Watch {
  source: PictureSource;
  size: PictureSize;
  painter: TerminalPainter;
  session: Session | undefined;
  timer: NodeJS.Timeout | undefined;
  said: string | undefined;
  openedAtMs: number;
}

export class Pictures implements PicturesOf {
  #sessions: Sessions;
  #send: (watch: number, value: object) => boolean;
  #watches = new Map<number, Watch>();

  constructor(sessions: Sessions, send: (watch: number, value: object) => boolean) {
    this.#sessions = sessions;
    this.#send = send;
  }

  /** Without a size: the watch ends. */
  ask(
    id: number,
    {
      source,
      size,
      resync,
    }: { source?: PictureSource | undefined; size?: PictureSize | undefined; resync?: boolean | undefined },
  ): void {
    const watch = this.#watches.get(id);
    if (!size) {
      clearTimeout(watch?.timer);
      this.#watches.delete(id);
      return;
    }
    if (watch) {
      watch.size = size;
      if (resync) watch.painter.forget();
      return;
    }
    if (!source || this.#watches.size >= MOST_WATCHES) return;
    const made: Watch = {
      source,
      size,
      painter: new TerminalPainter(),
      session: undefined,
      timer: undefined,
      said: undefined,
      openedAtMs: 0,
    };
    this.#watches.set(id, made);
    this.#look(id, made);
  }

  stopAll(): void {
    for (const { timer } of this.#watches.values()) clearTimeout(timer);
    this.#watches.clear();
  }

  #look(id: number, watch: Watch): void {
    if (this.#watches.get(id) !== watch) return;
    watch.timer = setTimeout(() => this.#look(id, watch), 1_000 / watch.size.fps);
    const session = this.#sessionOf(id, watch);
    if (session !== watch.session) watch.painter.forget();
    watch.session = session;
    if (!session) return;
    session.watchedAtMs = Date.now();
    const picture = watch.painter.paint(session.screen, watch.size);
    if (!picture) return;
    watch.said = undefined;
    // What could not be sent is not known there: the next one is whole.
    if (!this.#send(id, { picture })) watch.painter.forget();
  }

  #sessionOf(id: number, watch: Watch): Session | undefined {
    const { source } = watch;
    if (source.kind === 'session') {
      const session = this.#sessions.find(source.sid);
      return session ?? this.#nothing(id, watch, 'This terminal is no longer there.');
    }
    if (source.kind === 'newest-host') {
      const session = this.#sessions.newestHost();
      return session ?? this.#nothing(id, watch, 'No terminal is open.');
    }
    if (watch.session && !watch.session.endedAt) return watch.session;
    if (Date.now() - watch.openedAtMs > OPEN_AGAIN_MS) {
      watch.openedAtMs = Date.now();
      const { deployment, service } = source;
      this.#sessions.open({ kind: 'attach', deployment, service }, FIRST_SIZE).then(
        (session) => {
          watch.session = session;
        },
        (error: Error) => this.#nothing(id, watch, error.message),
      );
    }
    return undefined;
  }

  #nothing(id: number, watch: Watch, why: string): undefined {
    if (watch.said === why) return;
    watch.said = why;
    this.#send(id, { why });
  }
}
