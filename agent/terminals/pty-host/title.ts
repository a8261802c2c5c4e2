/** The title a program gives its terminal; some change it with every line, so news of it is held back for a moment. */

const EVERY_MS = 250;

export class Title {
  #text: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get text(): string | undefined {
    return this.#text;
  }

  set(text: string): void {
    if (text === (this.#text ?? '')) return;
    this.#text = text || undefined;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#onChange();
    }, EVERY_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
