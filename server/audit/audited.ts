/** Makes a verb leave one line in the stream AUDIT: who, what, when, and how it ended. */
import { ProblemError } from '#contracts/problem.ts';
import type { Context, Verb } from '../hub.ts';
import { publish } from '../kv/store.ts';

export interface AuditRecord {
  /** ISO time of the hub's clock. */
  at: string;
  user: string;
  via: Context['actor']['via'];
  /** `deployment.put`. */
  action: string;
  /** Name of what it was done to. */
  target: string;
  /** `ok`, or the code of the problem. */
  result: string;
}

const LONGEST_TARGET = 128;

/** A record that cannot be written is logged; what was done is done and is not reported as failed. */
export function audited<Input, Output>(
  action: string,
  targetOf: (input: Input) => string,
  verb: Verb<Input, Output>,
): Verb<Input, Output> {
  return async (call) => {
    const { actor, hub } = call.ctx;
    const record = async (result: string) => {
      const target = targetOf(call.input).slice(0, LONGEST_TARGET);
      const line: AuditRecord = { at: new Date().toISOString(), user: actor.user, via: actor.via, action, target, result };
      await publish(hub.store, `audit.${action}`, JSON.stringify(line)).catch((error: unknown) =>
        hub.log.error({ err: error, audit: line }, 'an audit record could not be stored'),
      );
    };
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
