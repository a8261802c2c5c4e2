/** Takes the join token out of the text of a config: it is good once, and belongs on no disk after that. Pure. */
import { locateKey } from './locate-key.ts';

export function withoutToken(text: string): string {
  const place = locateKey(text, ['credentials', 'token']);
  const lines = text.split('\n');
  if (!place || !/^\s*(credentials\s*\.\s*)?token\s*=/.test(lines[place.line - 1] ?? '')) return text;
  return lines.filter((_, index) => index !== place.line - 1).join('\n');
}
