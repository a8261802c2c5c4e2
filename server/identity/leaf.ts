import { concat, utf8 } from '#roadchain/bytes.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
export const leafOf = (text: string): Uint8Array => nodeCrypto.sha256(concat(new Uint8Array([0]), utf8(text)));
