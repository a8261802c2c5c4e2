/** A raw Ed25519 key in the letters NATS uses: the key of an epoch is its NATS user. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Base32 makes `U` of the first five bits of the one, `SU` of the first ten of the other. */
const USER = 20 << 3;
const SEED_OF_USER = [(18 << 3) | (USER >> 5), (USER & 31) << 3];

export const userPublicKey = (raw: Uint8Array): string => withChecksum(Uint8Array.of(USER, ...raw));

/** As bytes: that is how the NATS client takes it. */
export const userSeed = (raw: Uint8Array): Uint8Array =>
  new TextEncoder().encode(withChecksum(Uint8Array.of(...SEED_OF_USER, ...raw)));

function withChecksum(bytes: Uint8Array): string {
  const sum = crc16(bytes);
  return toBase32(Uint8Array.of(...bytes, sum & 255, sum >> 8));
}

/** CRC-16 as XMODEM has it. */
function crc16(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) sum = ((sum << 1) ^ (sum & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return sum;
}

function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32[(value >>> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text;
}
