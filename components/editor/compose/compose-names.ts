/** Names of a compose file as names of ours: lower-case letters, digits and dashes, unique. Pure. */
import { NAME_PATTERN } from '#contracts/name.ts';

export function toName(text: string, fallback: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
  return NAME_PATTERN.test(name) ? name : fallback;
}

export function uniqueNames(texts: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    texts.map((text) => {
      const wanted = toName(text, 'service');
      let name = wanted;
      for (let count = 2; taken.has(name); count++) name = `${wanted.slice(0, 58)}-${count}`;
      taken.add(name);
      return [text, name];
    }),
  );
}
