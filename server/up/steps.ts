/** What `up` tells on the terminal: one honest line a step, with a tick and the time it took. Steps may run side by side. */
const NAME_WIDTH = 14;

export interface Step {
  /** A line while the step is under way, for what takes longer than a breath. */
  say(line: string): void;
  /** What the line with the tick will say. */
  done(detail: string): void;
}

export class Steps {
  readonly #write: (text: string) => void;
  readonly #colour: boolean;
  #muted = false;

  constructor(write: (text: string) => void, colour = false) {
    this.#write = write;
    this.#colour = colour;
  }

  async run<T>(name: string, work: (step: Step) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let detail = '';
    const step: Step = {
      say: (line) => this.say(name, line),
      done: (text) => {
        detail = text;
      },
    };
    try {
      const result = await work(step);
      this.#line('✓', 32, name, `${detail}  ${seconds(performance.now() - startedAt)}`);
      return result;
    } catch (error) {
      this.#line('✗', 31, name, `failed after ${seconds(performance.now() - startedAt)}`);
      throw error;
    }
  }

  /** A line of something that is not ready yet, or that happens later. */
  say(name: string, line: string): void {
    this.#line('…', 2, name, line);
  }

  warn(name: string, line: string): void {
    this.#line('▲', 33, name, line);
  }

  /** From now on steps are only given up: what they say is no news any more. */
  mute(): void {
    this.#muted = true;
  }

  print(text: string): void {
    this.#write(`${text}\n`);
  }

  #line(mark: string, colour: number, name: string, text: string): void {
    if (this.#muted) return;
    const tinted = this.#colour ? `\u001b[${colour}m${mark}\u001b[0m` : mark;
    this.#write(`${tinted} ${name.padEnd(NAME_WIDTH)} ${text}\n`);
  }
}

export const seconds = (durationMs: number): string => `${(durationMs / 1000).toFixed(1)} s`;

/** A frame around lines, so that the one link that matters is seen. */
export function box(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => [...line].length));
  const edge = '─'.repeat(width + 4);
  return [`╭${edge}╮`, ...lines.map((line) => `│  ${line}${' '.repeat(width - [...line].length)}  │`), `╰${edge}╯`].join('\n');
}
