/** The key by which the anchor seals identities: raw Ed25519, made on the first start, one 0600 file among the keys of the fleet. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fromBase64url, toBase64url } from '#roadchain/bytes.ts';
import { fleetOf } from '#roadchain/chain.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';

export interface AnchorKey {
  /** Raw; whoever has it seals in our name. */
  readonly seed: Uint8Array;
  /** Base64url. */
  readonly publicKey: string;
  /** Id of the fleet: SHA-256 of the first key of its anchor. */
  readonly fleet: string;
}

const SEED_BYTES = 32;

export async function loadOrCreateAnchorKey(file: string): Promise<AnchorKey> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = new Uint8Array(randomBytes(SEED_BYTES));
  try {
    await writeFile(file, `${toBase64url(fresh)}\n`, { mode: 0o600, flag: 'wx' });
    return anchorKeyOf(fresh);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    const seed = fromBase64url((await readFile(file, 'utf8')).trim());
    if (seed.length !== SEED_BYTES) throw new RangeError(`It holds ${seed.length} bytes.`);
    return anchorKeyOf(seed);
  } catch (cause) {
    throw new Error(
      `The key file ${file} cannot be read. Devices keep running, but no identity can be proved or renewed. Restore it from a backup of the keys folder.`,
      { cause },
    );
  }
}

function anchorKeyOf(seed: Uint8Array): AnchorKey {
  const publicKey = toBase64url(nodeCrypto.publicKey(seed));
  return { seed, publicKey, fleet: fleetOf(nodeCrypto, publicKey) };
}
