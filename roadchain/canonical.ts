/** One text for one value (RFC 8785, for strings, booleans, whole numbers, lists and objects), and a parser that takes no other text. */
import type * as z from 'zod';

export type Canonical = string | boolean | number | readonly Canonical[] | { readonly [key: string]: Canonical };

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Throws at what has no single text: fractions, numbers beyond 2^53, `undefined`, `null`, half a character. */
export function encode(value: Canonical): string {
  if (typeof value === 'string') {
    if (LONE_SURROGATE.test(value)) throw new RangeError('Half a character has no single text.');
    return JSON.stringify(value);
  }
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new RangeError(`${value} has no single text.`);
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => encode(item)).join(',')}]`;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    throw new RangeError('Only texts, whole numbers, lists and objects have a single text.');
  const members = Object.entries(value as Record<string, Canonical>).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${encode(key)}:${encode(member)}`).join(',')}}`;
}

/**
 * Parses a text that was signed. Undefined unless it fits the schema and is exactly what `encode` makes of it, so that
 * doubled keys, spaces, members the schema does not know and other spellings of a number are all refused.
 */
export function parse<T extends Canonical>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success && encode(parsed.data) === text ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
