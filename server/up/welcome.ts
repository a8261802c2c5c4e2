/** The last thing `up` says: where to go now. Pure. */
import type { RunFile } from '#contracts/run-file.ts';
import { box } from './steps.ts';

export function welcome({ url, ownerLink }: Pick<RunFile, 'url' | 'ownerLink'>, tls?: { fingerprint: string }): string {
  const lines = ownerLink
    ? [`Open  ${ownerLink}`, '', 'This link makes you the owner. Good once, for 15 minutes.']
    : [`Open  ${url}/login`, '', 'Password lost? npx scorewall owner-link'];
  if (tls) {
    lines.push('', 'The browser warns? The certificate is your own. Fingerprint of its CA (SHA-256):');
    const parts = tls.fingerprint.split(':');
    lines.push(parts.slice(0, 16).join(':'), parts.slice(16).join(':'), '', `To trust it, and for passkeys: ${url}/trust`);
  }
  return box(lines);
}
