/** The cryptography the chain is made of, given from outside: node:crypto on devices and the hub, the browser's own in a page. */

export interface ChainCrypto {
  sha256(bytes: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** HKDF with SHA-256. */
  hkdf(key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  random(length: number): Uint8Array;
  /** Raw Ed25519 public key (32 bytes) of a raw seed (32 bytes). */
  publicKey(seed: Uint8Array): Uint8Array;
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** Raw X25519 public key of a raw private key, for what will be sealed to a device. */
  sealingKey(privateKey: Uint8Array): Uint8Array;
}
