/** Runs the demo's phases one after the other, each with PASS or FAIL and its time. After a failure the rest is skipped. */
import { CliError } from '../exit-code.ts';
import { formatTook } from '../output/duration.ts';
import type { Terminal } from '../output/terminal.ts';

const TITLE_WIDTH = 46;

export class Phases {
  readonly #terminal: Terminal;
  #failed = 0;
  #passed = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get passed(): number {
    return this.#passed;
  }

  get failed(): number {
    return this.#failed;
  }

  /** undefined: this phase failed, or one before it did. `work` may give a note for the end of the line. */
  async run(title: string, work: () => Promise<string | undefined>): Promise<void> {
    if (this.#failed > 0) return this.#line('SKIP', 'grey', title, '');
    await this.#measure(title, work);
  }

  /** Runs even after a failure: for what cleans up. */
  always(title: string, work: () => Promise<string | undefined>): Promise<void> {
    return this.#measure(title, work);
  }

  async #measure(title: string, work: () => Promise<string | undefined>): Promise<void> {
    const startedAt = performance.now();
    try {
      const note = await work();
      this.#passed++;
      this.#line('PASS', 'green', title, formatTook(performance.now() - startedAt), note);
    } catch (error) {
      this.#failed++;
      this.#line('FAIL', 'red', title, formatTook(performance.now() - startedAt));
      const { message } = error as Error;
      const detail = error instanceof CliError ? error.detail : '';
      for (const line of `${message}\n${detail}`.split('\n').filter(Boolean)) this.#terminal.out(`      ${line}`);
    }
  }

  #line(word: string, colour: 'green' | 'red' | 'grey', title: string, took: string, note?: string): void {
    this.#terminal.out(
      `${this.#terminal.paint(colour, word)}  ${title.padEnd(TITLE_WIDTH)} ${took.padStart(7)}${note ? `   ${note}` : ''}`.trimEnd(),
    );
  }
}
