/** zod's own sentences speak to programmers; these say the same to the author of a document. */
import type * as z from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of names and values',
  null: 'empty',
};

const kind = (type: string) => KINDS[type] ?? type;

/** The author's sentence, or the schema's own where it already speaks in words. */
export function issueWords(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string {
  if (!/^(Invalid|Too |Unrecognized|Expected)/.test(issue.message)) return issue.message;
  const last = path.at(-1);
  const name =
    last === undefined ? 'The document' : typeof last === 'number' ? `Entry ${last + 1} of ${parentName(path)}` : String(last);
  switch (issue.code) {
    case 'invalid_type': {
      const received = /received (\w+)/.exec(issue.message)?.[1] ?? '';
      if (received === 'undefined') return `${name} is missing here.`;
      const quote = issue.expected === 'string' && ['number', 'boolean'].includes(received) ? ' Put it in quotes.' : '';
      return `${name} must be ${kind(issue.expected)}, not ${kind(received)}.${quote}`;
    }
    case 'invalid_value':
      return `${name} must be ${oneOf(issue.values)}.`;
    case 'invalid_union':
      return issue.discriminator && 'options' in issue && Array.isArray(issue.options)
        ? `${name} must be ${oneOf(issue.options)}.`
        : `${name} is written in a way that is not known here.`;
    case 'too_small':
      return `${name} is too small: at least ${issue.minimum}.`;
    case 'too_big':
      return `${name} is too large: at most ${issue.maximum}.`;
    case 'unrecognized_keys':
      return `${issue.keys.join(', ')} is not a known field here. Remove it, or start it with x- to keep it as a note.`;
    case 'invalid_format':
      return `${name} is not written in a form that is known here.`;
    default:
      return issue.message;
  }
}

const parentName = (path: readonly PropertyKey[]) => {
  const name = path.findLast((step) => typeof step === 'string');
  return name === undefined ? 'the list' : String(name);
};

function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) => String(value));
  return words.length < 2 ? (words[0] ?? 'something else') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
