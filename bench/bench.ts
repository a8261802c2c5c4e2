/** One measurement that can be asked for by name; it leaves nothing behind. */
import type { Figure } from './measure.ts';

export interface Bench {
  name: string;
  title: string;
  /** `say` tells what is going on while it takes long. */
  run(say: (line: string) => void): Promise<readonly Figure[]>;
}
