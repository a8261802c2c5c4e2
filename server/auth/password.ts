/** Passwords as argon2id, a few at a time: each check takes 19 MiB and some 20 ms of a core, on purpose. */
import { hash, verify } from '@node-rs/argon2';
import { ProblemError } from '#contracts/problem.ts';

const AT_ONCE = 2;
const LONGEST_QUEUE = 32;

let running = 0;
const waiting: (() => void)[] = [];

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password));

/** Takes as long when there is no hash to compare with, so that the time tells nothing. */
export const checkPassword = (password: string, stored: string | undefined): Promise<boolean> =>
  inTurn(async () => {
    if (stored === undefined) {
      await hash(password);
      return false;
    }
    return verify(stored, password);
  });

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= LONGEST_QUEUE)
      throw new ProblemError(
        'too-many-attempts',
        'Too many people are signing in at this moment.',
        'Devices are not affected. Try again in a few seconds.',
      );
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
