/** What the hardware of a device says of itself, as labels and as a name: a stranger wrote it, so only what fits is taken. Pure. */
import { LABEL_VALUE_PATTERN, type Labels, NAME_PATTERN } from '#contracts/name.ts';

const MOST_LABELS = 16;
const LONGEST_NAME = 63;

export function labelsOf(facts: Readonly<Record<string, string>>): Labels {
  const fitting = Object.entries(facts).flatMap(([key, text]) => {
    const value = text
      .replace(/[^A-Za-z0-9._ -]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, LONGEST_NAME)
      .trim();
    return NAME_PATTERN.test(key) && key !== 'hostname' && LABEL_VALUE_PATTERN.test(value) ? [[key, value] as const] : [];
  });
  return Object.fromEntries(fitting.slice(0, MOST_LABELS));
}

/** `octavia`, or `octavia-2` where that is taken. */
export function freeName(wanted: string, isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const name = `${wanted.slice(0, LONGEST_NAME - suffix.length)}${suffix}`;
    if (!isTaken(name)) return name;
  }
}
