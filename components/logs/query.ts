/** What somebody looks for in lines: words, or a regular expression. Pure. */
export interface QueryText {
  pattern: string;
  regex: boolean;
  caseSensitive: boolean;
}

export interface Query {
  test(text: string): boolean;
  /** From and to of each place, bounded. */
  places(text: string): [from: number, to: number][];
}

const PLACES_MAX = 200;

/** undefined: nothing is looked for. An expression that cannot be read is an error in words. */
export function toQuery({ pattern, regex, caseSensitive }: QueryText): Query | { error: string } | undefined {
  if (pattern === '') return undefined;
  let expression: RegExp;
  try {
    expression = new RegExp(regex ? pattern : escaped(pattern), caseSensitive ? 'gu' : 'giu');
  } catch (error) {
    return { error: `This expression cannot be read: ${reason(error as Error)}. Switch .* off to look for the text as it is.` };
  }
  return {
    test: (text) => {
      expression.lastIndex = 0;
      return expression.test(text);
    },
    places: (text) => {
      const places: [number, number][] = [];
      for (const match of text.matchAll(expression)) {
        if (match[0] !== '') places.push([match.index, match.index + match[0].length]);
        if (places.length >= PLACES_MAX) break;
      }
      return places;
    },
  };
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const reason = ({ message }: Error) => message.slice(message.lastIndexOf(': ') + 2).toLowerCase();
