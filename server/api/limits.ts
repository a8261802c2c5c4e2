/** Bounds of a request: its size, and the time its answer may take. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { MAX_BODY_BYTES } from '#contracts/deployment.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { ApiEnv } from './environment.ts';
import { tooLarge } from './problem-response.ts';

const REQUEST_TIMEOUT_MS = 30_000;

export const limitBody: MiddlewareHandler<ApiEnv> = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw tooLarge();
  },
});

export const limitTime: MiddlewareHandler<ApiEnv> = async (_, next) => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow()), REQUEST_TIMEOUT_MS);
  });
  try {
    await Promise.race([next(), late]);
  } finally {
    clearTimeout(timer);
  }
};

const tooSlow = () =>
  new ProblemError(
    'unavailable',
    `The hub found no answer within ${REQUEST_TIMEOUT_MS / 1000} s.`,
    'Devices keep working. What you just asked for may or may not have been done: look again in a few seconds.',
  );
