/**
 * Tells, before anything parses it, whether a YAML or JSON text nests too deeply. Pure, one pass, no recursion.
 * A recursive parser that runs out of stack does not always throw: V8 ends the whole process when the overflow happens
 * while it compiles a regular expression.
 */

/** Deeper than any manifest, and a third of what a parser survives. */
export const MAX_NESTING = 256;

const COMPACT = /[-?:] +/y;

/** An upper bound is counted: brackets in text count too, which no manifest notices. */
export function nestsTooDeeply(text: string, max = MAX_NESTING): boolean {
  const columns: number[] = [];
  let brackets = 0;
  let lineStart = 0;
  while (lineStart < text.length) {
    let lineEnd = text.indexOf('\n', lineStart);
    if (lineEnd < 0) lineEnd = text.length;
    let at = lineStart;
    while (text[at] === ' ') at++;
    if (at < lineEnd) {
      while (columns.length > 0 && columns.at(-1)! >= at - lineStart) columns.pop();
      columns.push(at - lineStart);
      for (COMPACT.lastIndex = at; COMPACT.test(text) && COMPACT.lastIndex <= lineEnd; )
        columns.push(COMPACT.lastIndex - lineStart);
      for (; at < lineEnd; at++) {
        const char = text.charCodeAt(at);
        if (char === 0x5b || char === 0x7b) brackets++;
        else if ((char === 0x5d || char === 0x7d) && brackets > 0) brackets--;
        if (columns.length + brackets > max) return true;
      }
    }
    lineStart = lineEnd + 1;
  }
  return false;
}
