/** What is wrong with the agent itself, one trouble per part of it; the report carries the gravest. */
import type { Trouble } from '#contracts/status.ts';

/** Gravest first. */
const PARTS = ['config', 'identity', 'desired', 'disk', 'logs'] as const;
type Part = (typeof PARTS)[number];

export class AgentTroubles {
  #troubles = new Map<Part, Trouble>();
  #onChange: () => void = () => undefined;

  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** `since` stays while the words stay; an undefined message means that all is well again. */
  set(part: Part, code: Trouble['code'], message: string | undefined): void {
    const known = this.#troubles.get(part);
    if (known?.message === message) return;
    if (message === undefined) this.#troubles.delete(part);
    else this.#troubles.set(part, { code, message, since: new Date().toISOString() });
    this.#onChange();
  }

  gravest(): Trouble | undefined {
    for (const part of PARTS) {
      const trouble = this.#troubles.get(part);
      if (trouble) return trouble;
    }
    return undefined;
  }
}
