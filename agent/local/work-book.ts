/**
 * What programs on this device say about their work: the caption, the steps and the open questions. Kept in memory: a program that
 * still waits for an answer asks again after a restart of the agent, because its request ended.
 */
import { randomBytes } from 'node:crypto';
import type { Ask, Step, Work } from '#contracts/work.ts';

/** Which service speaks; undefined: a program on the host. */
export type Speaker = { deployment: string; service: string } | undefined;

export interface Answered {
  answer: string;
  by: string;
}

export class TooManyAsksError extends Error {
  override readonly name = 'TooManyAsksError';
}

const MAX_ASKS = 8;
const MAX_STEPS = 20;

interface OpenAsk {
  ask: Ask;
  settle(answered: Answered): void;
}

export class WorkBook {
  #onChange: () => void;
  #caption: Work['caption'];
  #steps: Step[] = [];
  #asks = new Map<string, OpenAsk>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** undefined while nobody says anything. */
  work(): Work | undefined {
    if (!this.#caption && this.#steps.length === 0 && this.#asks.size === 0) return undefined;
    return {
      ...(this.#caption ? { caption: this.#caption } : {}),
      steps: this.#steps,
      asks: [...this.#asks.values()].map(({ ask }) => ask),
    };
  }

  /** An empty text takes the caption away. */
  say(by: Speaker, text: string): void {
    this.#caption = text === '' ? undefined : { text, at: now(), ...speaker(by) };
    this.#onChange();
  }

  /** A step that begins ends the one before it, unless that has failed. No text: an end for the step under way. */
  step(text: string | undefined, state: Step['state']): void {
    const steps = this.#steps.map((step) =>
      step.state === 'doing' ? { ...step, state: text === undefined ? state : ('done' as const) } : step,
    );
    this.#steps = (text === undefined ? steps : [...steps, { text, state, at: now() }]).slice(-MAX_STEPS);
    this.#onChange();
  }

  clearSteps(): void {
    this.#steps = [];
    this.#onChange();
  }

  /** Resolves with the answer of a person; when `signal` aborts the question is taken back and the promise rejects. */
  ask(by: Speaker, question: string, options: readonly string[], signal: AbortSignal): Promise<Answered> {
    if (this.#asks.size >= MAX_ASKS)
      throw new TooManyAsksError(`${MAX_ASKS} questions of this device are open already. Wait until one of them is answered.`);
    const ask: Ask = { id: randomBytes(8).toString('hex'), question, options: [...options], at: now(), ...speaker(by) };
    return new Promise((resolve, reject) => {
      const takeBack = () => {
        this.#close(ask.id);
        reject(signal.reason);
      };
      signal.addEventListener('abort', takeBack, { once: true });
      const settle = (answered: Answered) => {
        signal.removeEventListener('abort', takeBack);
        resolve(answered);
      };
      this.#asks.set(ask.id, { ask, settle });
      this.#onChange();
    });
  }

  /** The question that was answered; undefined where it is not open, or has no such option. */
  answer(id: string, option: string, person: string): Ask | undefined {
    const open = this.#asks.get(id);
    if (!open?.ask.options.includes(option)) return undefined;
    this.#close(id);
    open.settle({ answer: option, by: person });
    return open.ask;
  }

  #close(id: string): void {
    if (this.#asks.delete(id)) this.#onChange();
  }
}

const now = () => new Date().toISOString();
const speaker = (by: Speaker) => (by ? { by } : {});
