/** Makes a verb leave one line in the record: who, from where, what, when, and how it ended. */
import { ProblemError } from '#contracts/problem.ts';
import type { Context, Verb } from '../hub.ts';

const LONGEST_TARGET = 128;

/** A record that cannot be written is logged; what was done is done and is not reported as failed. */
export function audited<Input, Output>(
  action: string,
  targetOf: (input: Input) => string,
  verb: Verb<Input, Output>,
): Verb<Input, Output> {
  return async (call) => {
    const record = (result: string) => note(call.ctx, action, targetOf(call.input), result);
    try {
      const output = await verb(call);
      await record('ok');
      return output;
    } catch (error) {
      const code = error instanceof ProblemError ? error.code : 'internal';
      // A flood of refused guesses must not become a flood of records.
      if (code !== 'too-many-attempts') await record(code);
      throw error;
    }
  };
}

/** One line, about something that is no verb. */
export async function note({ hub, actor, from }: Context, action: string, target: string, result: string): Promise<void> {
  const line = {
    at: new Date().toISOString(),
    user: actor.user,
    via: actor.via,
    ...(from ? { from } : {}),
    action,
    target: target.slice(0, LONGEST_TARGET),
    result,
  };
  await hub.audit
    .append(line)
    .catch((error: unknown) => hub.log.error({ err: error, audit: line }, 'an audit record could not be stored'));
}
