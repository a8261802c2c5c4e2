/** Secrets that people and programs carry: random, and stored only as a digest. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored in place of a secret. A plain digest is enough for 256 random bits; passwords get argon2id. */
export const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export const matchesDigest = (secret: string, stored: string): boolean => {
  const [a, b] = [Buffer.from(digest(secret)), Buffer.from(stored)];
  return a.length === b.length && timingSafeEqual(a, b);
};
