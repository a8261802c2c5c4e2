/** Finds the known word somebody most likely meant. Pure; used by the editor, the API and the command line. */

export function didYouMean(
  word: string,
  known: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): string | undefined {
  const synonym = synonyms[word] ?? synonyms[word.toLowerCase()];
  if (synonym) return synonym;
  const limit = word.length <= 3 ? 1 : word.length <= 6 ? 2 : 3;
  const plain = normalize(word);
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(plain, normalize(candidate));
    if (distance <= limit && (!best || distance < best.distance)) best = { word: candidate, distance };
  }
  return best?.word;
}

const normalize = (word: string) => word.toLowerCase().replace(/[_-]/g, '');

function editDistance(a: string, b: string): number {
  // The quadratic table is bounded: names longer than this are never a typing slip.
  if (a.length > 64 || b.length > 64) return Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
