/** A command as one line and as its words: a text field shows the line, the manifest holds the words. Pure. */

/** A word of a command line as it has to be typed to come back as one word. */
export const quoteWord = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Splits a command line like a shell would, without expanding anything. */
export function splitWords(line: string): string[] {
  const found: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (/\s/.test(char)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      const end = closingQuote(line, at);
      word = (word ?? '') + unescaped(line.slice(at + 1, end), char);
      at = end;
    } else if (char === '\\' && at + 1 < line.length) word = (word ?? '') + line[++at]!;
    else word = (word ?? '') + char;
  }
  if (word !== undefined) found.push(word);
  return found;
}

function closingQuote(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at++) {
    if (line[at] === '\\' && line[from] === '"') at++;
    else if (line[at] === line[from]) return at;
  }
  return line.length;
}

const unescaped = (inside: string, quote: string) => (quote === '"' ? inside.replace(/\\(["\\$`])/g, '$1') : inside);
