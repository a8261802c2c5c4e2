/** Errors on the wire: problem+json of RFC 9457, with the fact, the effect on devices, and one next step. */
import * as z from 'zod';
import { Issue } from './issue.ts';

export const PROBLEM_CODES = {
  'bad-request': 400,
  unauthenticated: 401,
  /** The password was right; the code of the app is missing. */
  'code-needed': 401,
  forbidden: 403,
  /** Signed in, but too long ago for this: prove it again, then it goes on. */
  'step-up-needed': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'link-used': 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  invalid: 422,
  'precondition-required': 428,
  'too-many-attempts': 429,
  internal: 500,
  unavailable: 503,
} as const;
export type ProblemCode = keyof typeof PROBLEM_CODES;

export const Problem = z
  .object({
    type: z.string().describe('`urn:scorewall:problem:<code>`.'),
    code: z.enum(Object.keys(PROBLEM_CODES) as [ProblemCode, ...ProblemCode[]]).describe('For machines.'),
    title: z.string().describe('What happened, in one sentence.'),
    status: z.number().int().describe('HTTP status.'),
    detail: z.string().describe('What it means for the devices, and one next step.'),
    issues: z.array(Issue).optional().describe('Where in the document, when a document is at fault.'),
    current: z.unknown().optional().describe('The newest state, when somebody else was faster.'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** Thrown by verbs, translated by transports. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly detail: string;
  readonly issues: Issue[] | undefined;
  readonly current: unknown;

  constructor(
    code: ProblemCode,
    title: string,
    detail: string,
    more: { issues?: Issue[]; current?: unknown; cause?: unknown } = {},
  ) {
    super(title, { cause: more.cause });
    this.code = code;
    this.detail = detail;
    this.issues = more.issues;
    this.current = more.current;
  }

  toJSON(): Problem {
    return {
      type: `urn:scorewall:problem:${this.code}`,
      code: this.code,
      title: this.message,
      status: PROBLEM_CODES[this.code],
      detail: this.detail,
      ...(this.issues ? { issues: this.issues } : {}),
      ...(this.current === undefined ? {} : { current: this.current }),
    };
  }
}
