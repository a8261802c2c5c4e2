/** Names and labels: the one alphabet that is safe as NATS token, DNS label and container name. */
import * as z from 'zod';

export const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const LABEL_VALUE_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._ -]{0,62}$/;

const NAME_RULE = 'Use lower-case letters, digits and dashes, starting with a letter or digit, at most 63 characters.';

export const Name = z
  .string()
  .regex(NAME_PATTERN, {
    error: (issue) =>
      issue.input === '' ? `Give it a name. ${NAME_RULE}` : `${JSON.stringify(issue.input)} cannot be a name. ${NAME_RULE}`,
  })
  .describe('A name: `^[a-z0-9][a-z0-9-]{0,62}$`. It becomes a NATS token, a DNS label and a container name.');

export const Labels = z
  .record(
    z.string().regex(NAME_PATTERN, { error: (issue) => `${JSON.stringify(issue.input)} cannot be a label. ${NAME_RULE}` }),
    z.string().regex(LABEL_VALUE_PATTERN, {
      error: (issue) =>
        `${JSON.stringify(issue.input)} cannot be a label's value. Use letters, digits, dots, dashes, underscores and spaces, at most 63 characters.`,
    }),
  )
  .describe('Labels: name -> value of up to 63 letters, digits, dots, dashes, underscores and spaces.');
export type Labels = z.infer<typeof Labels>;

export const isName = (text: string): boolean => NAME_PATTERN.test(text);
