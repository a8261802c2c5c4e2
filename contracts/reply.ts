/** Where one answer goes. Nobody can guess it, so who answered one question cannot answer the next one in somebody else's name. */
import { subjects } from './subjects.ts';

/** Both in browsers and in Node; the library's own tokens come from `Math.random`. */
declare const crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };

/** Options of a NATS request by this connection. */
export function singleReply(id: string, timeoutMs: number): { noMux: true; reply: string; timeout: number } {
  const token = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { noMux: true, reply: `${subjects.inbox(id)}.${token}`, timeout: timeoutMs };
}
