/** `scorewall-agent identity`: says who this device is, from its own disk. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fromBase64url } from '#roadchain/bytes.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { Logger } from '../log.ts';
import { wordsOf } from './enrolment.ts';
import { IdentityStore } from './identity-store.ts';
import { readJwtLife } from './jwt-life.ts';
import { JOIN_CONFIG } from './place.ts';

export const IDENTITY_HELP = '  scorewall-agent identity [--config FILE]   say who this device is';

/** sysexits.h: EX_UNAVAILABLE, EX_DATAERR. */
const EXIT = { ok: 0, notJoined: 69, lost: 65 } as const;

export async function runIdentityCommand(words: string[], log: Logger, say: (line: string) => void): Promise<number> {
  const { values } = parseArgs({ args: words, options: { config: { type: 'string', short: 'c' } } });
  const path = values.config ?? JOIN_CONFIG;
  const parsed = parseConfig(await readFile(path, 'utf8').catch(() => ''), path);
  if (!parsed.ok) {
    say(`${path} cannot be used: ${parsed.problem.message} Has this device joined? Run: scorewall-agent join TOKEN`);
    return EXIT.notJoined;
  }
  const { config } = parsed;
  if (config.credentials.type !== 'roadchain') {
    say(`${config.device} proves who it is by ${config.credentials.type}. It has no chain.`);
    return EXIT.ok;
  }
  const known = await new IdentityStore(config.stateDir, log).load({ repair: false });
  if (known.kind === 'lost') {
    say('Both copies of the identity are damaged. Take this device back on the wall, then run: scorewall-agent join TOKEN');
    return EXIT.lost;
  }
  const { chain, joining, pending, timeFloorMs } = known.kind === 'known' ? known.state : {};
  const row = (name: string, value: string) => say(`${name.padEnd(16)}${value}`);
  if (joining) {
    row('Asks to join', `${joining.hub.url} as ${joining.device}`);
    row('Match words', wordsOf(known.kind === 'known' ? known.state : { v: 1, timeFloorMs: 0 }) ?? '');
  }
  if (!chain) {
    if (!joining) say('This device has not joined yet. Run: scorewall-agent join TOKEN');
    return EXIT.notJoined;
  }
  const expiresAtMs = readJwtLife(chain.jwt)?.expiresAtMs;
  row('Name', chain.device);
  row('Hub', chain.hub.url);
  row('Epoch', String(chain.epoch));
  row('Head', fingerprint(chain.head));
  if (pending) row('Next key', 'proposed, not sealed yet');
  if (expiresAtMs && Number.isFinite(expiresAtMs)) row('Let in until', new Date(expiresAtMs).toISOString());
  if (timeFloorMs) row('Last sealed', new Date(timeFloorMs).toISOString());
  return EXIT.ok;
}

/** The first 16 bytes, in fours, to compare by eye. */
const fingerprint = (head: string): string =>
  (Buffer.from(fromBase64url(head)).toString('hex').slice(0, 32).match(/.{4}/g) ?? []).join(' ');
