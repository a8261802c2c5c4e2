/** Finds the line of a key in TOML text, for error messages: the parser's result no longer knows where a value came from. Pure. */

export interface Position {
  line: number;
  column: number;
}

/** Position of `path`, or of the nearest table above it; undefined where neither is written. */
export function locateKey(text: string, path: readonly string[]): Position | undefined {
  let table: string[] = [];
  let nearest: { depth: number; position: Position } | undefined;
  text.split('\n').forEach((line, index) => {
    const header = /^\s*\[+\s*([^\]]+?)\s*\]+/.exec(line);
    const key = header ? undefined : /^\s*((?:[\w-]+|"[^"]*")(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=/.exec(line);
    if (header) table = splitKey(header[1]!);
    const here = header ? table : key ? [...table, ...splitKey(key[1]!)] : undefined;
    if (!here?.every((part, at) => path[at] === part)) return;
    if (nearest && nearest.depth >= here.length) return;
    nearest = { depth: here.length, position: { line: index + 1, column: line.search(/\S/) + 1 } };
  });
  return nearest?.position;
}

const splitKey = (key: string) => key.split('.').map((part) => part.trim().replace(/^"(.*)"$/, '$1'));
