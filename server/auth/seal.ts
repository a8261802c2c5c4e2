/** Seals what storage must not show (AES-256-GCM), with a key that is in the home folder and nowhere else. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORM = 'v1';

export interface Seal {
  /** `context` says what it is and whose: opened under another one it is refused. */
  close(text: string, context: string): string;
  /** Throws where it was changed, moved, or sealed with another key. */
  open(sealed: string, context: string): string;
}

export function sealWith(key: Buffer): Seal {
  if (key.length !== KEY_BYTES) throw new Error(`The key for sealing has ${key.length} bytes, not ${KEY_BYTES}.`);
  return {
    close(text, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${FORM}.${iv.toString('base64url')}.${body.toString('base64url')}`;
    },
    open(sealed, context) {
      const [form, iv = '', body = ''] = sealed.split('.');
      if (form !== FORM) throw new Error('This was sealed in a form that this version does not know.');
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
    },
  };
}

/** Anchors that share their storage share this file too: `SCOREWALL_SEAL_KEY_FILE`. Made at the first start. */
export async function openSeal(home: string, env: Record<string, string | undefined>): Promise<Seal> {
  const file = env.SCOREWALL_SEAL_KEY_FILE || path.join(home, 'keys', 'seal.key');
  return sealWith(Buffer.from((await readOrMake(file)).trim(), 'base64url'));
}

async function readOrMake(file: string): Promise<string> {
  const present = await readIfThere(file);
  if (present !== undefined) return present;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(fresh, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // Whole or not at all, and never over one that another anchor has just made.
    await link(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  return readFile(file, 'utf8');
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
