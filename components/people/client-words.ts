/** What a browser calls itself, in the words people use: `Firefox on Linux`. What nobody knows stays as short as it is. Pure. */
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(?:e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/node|undici|curl/i, 'A program'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux|X11/, 'Linux'],
];

const wordOf = (words: readonly [RegExp, string][], text: string): string | undefined =>
  words.find(([pattern]) => pattern.test(text))?.[1];

export function clientWords(client = ''): string {
  const browser = wordOf(BROWSERS, client) ?? 'A browser';
  const system = wordOf(SYSTEMS, client);
  return system ? `${browser} on ${system}` : browser;
}
