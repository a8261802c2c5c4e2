/** Whether passkeys work where a page is open: they belong to a host name, and need a connection the browser trusts. Pure. */
import { isIP } from 'node:net';
import { ProblemError } from '#contracts/problem.ts';

/** The host name passkeys of this page belong to, or why there are none, in words. */
export function relyingParty(origin: string): { rpId: string } | { fact: string; step: string } {
  const { hostname, protocol } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0)
    return {
      fact: 'Passkeys belong to a name, and this page is open by an address.',
      step: 'Open the hub by its name, for example https://NAME.local; on its own machine by http://localhost. A password works here too.',
    };
  if (protocol !== 'https:' && host !== 'localhost' && !host.endsWith('.localhost'))
    return {
      fact: 'Passkeys need an encrypted connection, and this page has none.',
      step: 'Start the hub with --lan, trust its certificate, and open the page by https. A password works here too.',
    };
  return { rpId: host };
}

export function rpIdOf(origin: string): string {
  const found = relyingParty(origin);
  if ('rpId' in found) return found.rpId;
  throw new ProblemError('conflict', found.fact, `Devices are not affected. ${found.step}`);
}
