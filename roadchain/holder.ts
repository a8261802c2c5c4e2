/** How a running agent is called where others can read it: its session itself is known to it and the hub alone, and opens what only it may. */
import { utf8 } from './bytes.ts';
import type { ChainCrypto } from './crypto.ts';

/** As many bytes of the digest as nobody can find another session for. */
const BYTES = 16;

/** In hex. */
export const holderOf = (crypto: Pick<ChainCrypto, 'sha256'>, session: string): string =>
  Array.from(crypto.sha256(utf8(`roadchain/v1/holder\0${session}`)).subarray(0, BYTES), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** Name of its connection on NATS. */
export const connectionNameOf = (device: string, holder: string): string => `${device} #${holder}`;

/** undefined: an agent that does not tell, or no agent. */
export const holderInName = (name: string | undefined): string | undefined => / #([0-9a-f]{32})$/.exec(name ?? '')?.[1];
