/** The path a line stands under, by indentation alone: while somebody types, the document often cannot be read. Pure. */

export interface LinePlace {
  /** Keys and `0` for a list (which item does not matter for what may stand there). */
  parent: (string | number)[];
  /** The key before the caret, when the caret stands behind its colon. */
  key: string | undefined;
  /** What is typed so far of a key or value. */
  typed: string;
}

const LINE = /^(\s*)((?:- +)*)(?:([\w.-]+)\s*:(?:\s+(.*))?)?/;

export function placeInLine(lines: readonly string[], lineIndex: number, column: number): LinePlace {
  const line = (lines[lineIndex] ?? '').slice(0, column);
  const [, spaces = '', dashes = '', key, value] = LINE.exec(line) ?? [];
  const indent = spaces.length + dashes.length;
  const typed = key === undefined ? line.slice(indent) : (value ?? '');
  const parent = parentPath(lines, lineIndex, spaces.length, dashes);
  return { parent: key === undefined ? parent : [...parent, key], key, typed };
}

function parentPath(lines: readonly string[], from: number, column: number, dashes: string): (string | number)[] {
  const path: (string | number)[] = dashes
    .split('-')
    .slice(1)
    .map(() => 0);
  let inner = column;
  // A key at the same column as a dash below it owns that list.
  let ownsDash = dashes !== '';
  for (let index = from - 1; index >= 0 && (inner > 0 || ownsDash); index--) {
    const line = lines[index]!.replace(/(^|\s)#.*$/, '');
    if (!line.trim()) continue;
    const [, spaces = '', items = '', key, value] = LINE.exec(line) ?? [];
    const keyColumn = spaces.length + items.length;
    if (key !== undefined && !value && (keyColumn < inner || (ownsDash && keyColumn === inner && !items))) {
      path.unshift(key);
      inner = keyColumn;
      ownsDash = false;
    } else if (keyColumn > inner || (items === '' && keyColumn === inner)) continue;
    if (items && keyColumn <= inner) {
      path.unshift(
        ...items
          .split('-')
          .slice(1)
          .map(() => 0),
      );
      inner = spaces.length;
      ownsDash = true;
    }
  }
  return path;
}
