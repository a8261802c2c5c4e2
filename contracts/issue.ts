/** An issue is one thing wrong with a document, at a path, in words. zod's errors become issues here and nowhere else. */
import * as z from 'zod';
import { didYouMean } from './did-you-mean.ts';
import { issueWords } from './issue-words.ts';

export const Issue = z
  .object({
    path: z.array(z.union([z.string(), z.number()])).describe('Where: keys and list positions from the root of the document.'),
    message: z.string().describe('What is wrong, in words a person can act on.'),
    severity: z.enum(['error', 'warning']).describe('An error stops the deployment; a warning does not.'),
    suggestion: z.string().optional().describe('The word or value that was most likely meant.'),
    line: z.number().int().positive().optional().describe('Line in the text as written, from 1, where there is a text.'),
    column: z.number().int().positive().optional().describe('Column in that line, from 1.'),
  })
  .meta({ id: 'Issue' });
export type Issue = z.infer<typeof Issue>;

/** `spec.score.data.services[0].image`, for messages. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    '',
  );
}

/**
 * An object that refuses unknown keys, except those that start with `x-`: they are kept as they are.
 * `synonyms` maps names of the Compose specification to ours, for the suggestion.
 */
export function closedObject<Shape extends z.core.$ZodLooseShape>(shape: Shape, synonyms: Readonly<Record<string, string>> = {}) {
  const known = Object.keys(shape);
  const refuseUnknown = z.check<Record<string, unknown>>((context) => {
    for (const key of Object.keys(context.value)) {
      if (known.includes(key) || key.startsWith('x-')) continue;
      const suggestion = didYouMean(key, known, synonyms);
      context.issues.push({
        code: 'custom',
        input: context.value[key],
        path: [key],
        params: { suggestion },
        message: suggestion
          ? `${key} is not a known field. Did you mean ${suggestion}?`
          : `${key} is not a known field here. Remove it, or start it with x- to keep it as a note.`,
      });
    }
  });
  // Also where a known field is missing: most likely the unknown one is that field with a slip in its name.
  refuseUnknown._zod.def.when = ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return z.looseObject(shape).check(refuseUnknown).meta({ closed: true });
}

export function issuesFromZod(error: z.core.$ZodError): Issue[] {
  return error.issues.flatMap((issue) => fromZodIssue(issue, []));
}

function fromZodIssue(issue: z.core.$ZodIssue, parent: PropertyKey[]): Issue[] {
  const path = [...parent, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that got furthest is the one the author meant.
    const depth = (branch: z.core.$ZodIssue[]) => Math.max(...branch.map((one) => one.path.length));
    const [meant] = [...issue.errors].sort((a, b) => depth(b) - depth(a));
    if (meant && depth(meant) > 0) return meant.flatMap((one) => fromZodIssue(one, path));
  }
  const suggestion = issue.code === 'custom' ? (issue.params?.suggestion as string | undefined) : undefined;
  return [
    {
      path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
      message: issueWords(issue, path),
      severity: 'error',
      ...(suggestion ? { suggestion } : {}),
    },
  ];
}

/** JSON Schema draft 2020-12 of a schema, with `x-` keys allowed in closed objects. */
export function toJsonSchema(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      const node = jsonSchema as Record<string, unknown>;
      if (!node.closed) return;
      delete node.closed;
      node.additionalProperties = false;
      node.patternProperties = { '^x-': {} };
    },
  }) as Record<string, unknown>;
}
