/** Says what a YAML parser's error means in words a person can act on. */
import type { YAMLError } from 'yaml';

export interface SyntaxTrouble {
  message: string;
  from: number;
  to: number;
}

/** Parsers report one slip several times; the first error of a line is the one that helps. */
export function syntaxTroubles(text: string, errors: readonly YAMLError[]): SyntaxTrouble[] {
  const lines = new Set<number>();
  const troubles: SyntaxTrouble[] = [];
  for (const error of errors) {
    let from = Math.min(error.pos[0], text.length);
    while (text[from] === ' ') from++;
    const line = text.slice(0, from).split('\n').length;
    if (lines.has(line)) continue;
    lines.add(line);
    troubles.push({ message: wordsFor(error, text), from, to: Math.max(from, Math.min(error.pos[1], text.length)) });
  }
  return troubles;
}

function wordsFor(error: YAMLError, text: string): string {
  const line = lineAround(text, error.pos[0]).trim();
  const word = quote(/^[^\s:[\]{}]+/.exec(line.replace(/^- /, ''))?.[0] ?? line);
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return `${word} is written twice at the same place. Remove one of the two.`;
    case 'TAB_AS_INDENT':
      return 'this line starts with a tab. YAML wants spaces.';
    case 'MULTIPLE_DOCS':
      return 'a second document starts here. One manifest holds one deployment: remove the line ---.';
    case 'BAD_SCALAR_START':
      return `a value cannot start with ${quote(text[error.pos[0]] ?? '')}. Put it in quotes.`;
    case 'BAD_INDENT':
      return closing(error.message) ?? `${word} stands at the wrong column. Line it up with the lines around it.`;
    case 'BLOCK_AS_IMPLICIT_KEY':
      return error.message.includes('sequence')
        ? `a list starts here, in the middle of other fields. Line the dash up with its list, or remove it.`
        : `two colons in one line: put the value in quotes, or start a new line.`;
    case 'TAG_RESOLVE_FAILED':
      return 'tags (!name) have no meaning here. Write the plain value.';
    case 'RESOURCE_EXHAUSTION':
      return 'this is nested too deeply to be a manifest.';
    case 'BAD_DQ_ESCAPE':
      return 'a backslash in double quotes must be written twice, or use single quotes.';
    case 'MISSING_CHAR':
    case 'MULTILINE_IMPLICIT_KEY':
    case 'UNEXPECTED_TOKEN':
      return missing(error, word, line);
    default:
      return `this cannot be read: ${lowerFirst(error.message)}.`;
  }
}

function missing(error: YAMLError, word: string, line: string): string {
  if (error.message.includes('Sequence item without -')) return `a dash is missing before ${word}.`;
  if (error.message.includes('quote')) return 'a quote that was opened is never closed.';
  if (error.message.includes('at node end') && /['"]/.test(line))
    return 'text goes on behind a closing quote. Use the other kind of quotes around it.';
  if (!line.includes(':')) return `a colon is missing behind ${word}.`;
  return closing(error.message) ?? `${word} does not fit here. Check the dash and the indentation of this line.`;
}

function closing(message: string): string | undefined {
  const bracket = /end with a ([\]}])/.exec(message)?.[1] ?? /^Expected .*(\]|\})/.exec(message)?.[1];
  return bracket ? `the bracket ${bracket} is missing at the end of a list or group that was opened before.` : undefined;
}

function lineAround(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? text.length : end);
}

const quote = (word: string) => `'${word}'`;
const lowerFirst = (message: string) => message.charAt(0).toLowerCase() + message.slice(1);
