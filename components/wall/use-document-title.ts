'use client';
/** The tab says what needs a person: `2 ◆ 1 ⊘ – Workshop`. */
import { useEffect } from 'react';
import type { Health } from '#contracts/health.ts';
import { useCounts } from '../live/use-wall.ts';

const SIGNS: readonly [Health, string][] = [
  ['failed', '◆'],
  ['needs-you', '✋'],
  ['attention', '▲'],
  ['offline', '⊘'],
];

export function useDocumentTitle(name: string): void {
  const counts = useCounts();
  useEffect(() => {
    const signs = SIGNS.flatMap(([health, sign]) => (counts[health] ? [`${counts[health]} ${sign}`] : []));
    document.title = name ? [signs.join(' '), name].filter(Boolean).join(' – ') : 'Scorewall';
  }, [counts, name]);
}
