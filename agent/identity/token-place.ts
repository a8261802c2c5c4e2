/** Where a join token waits on the device, and how it leaves once it was used. */
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { withoutToken } from '../config/without-token.ts';

export interface TokenPlace {
  token?: string | undefined;
  tokenFile?: string | undefined;
}

/** Undefined where there is none. */
export async function readToken({ token, tokenFile }: TokenPlace): Promise<string | undefined> {
  if (token) return token;
  const text = tokenFile === undefined ? undefined : await readFile(tokenFile, 'utf8').catch(() => undefined);
  return text?.trim() || undefined;
}

/** @throws where it cannot be removed */
export async function forgetToken({ token, tokenFile }: TokenPlace, configFile: string): Promise<void> {
  if (tokenFile !== undefined) await rm(tokenFile, { force: true });
  if (token === undefined) return;
  const text = await readFile(configFile, 'utf8');
  const without = withoutToken(text);
  if (without.includes(token)) throw new Error(`the token in ${configFile} does not stand on a line of its own`);
  if (without === text) return;
  const aside = `${configFile}.new`;
  const file = await open(aside, 'w', (await stat(configFile)).mode & 0o777);
  try {
    await file.writeFile(without);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, configFile);
}
