/** Where a hub that already runs is found, for a message. */
import { readFileSync } from 'node:fs';
import type { Home } from './home.ts';

/** ` at http://...`, or nothing while it is still starting. */
export function readRunUrl(home: Home): string {
  try {
    return ` at ${(JSON.parse(readFileSync(home.runFile, 'utf8')) as { url: string }).url}`;
  } catch {
    return '';
  }
}
