/** Signed in long ago: the dialog that asks once more who it is. */
import { readFileSync } from 'node:fs';
import { Kvm } from '@nats-io/kv';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import type { Page } from '@playwright/test';
import { eventually } from '../stack/eventually.ts';
import { expect, expectAccessible, PASSWORD, runFile } from './fixtures.ts';

/** As if everybody had signed in two hours ago: the record of each session says so. */
export async function letTimePass(): Promise<void> {
  const creds = readFileSync(runFile().adminCreds);
  const connection = await connect({ servers: runFile().natsUrl, authenticator: credsAuthenticator(creds) });
  const sessions = await new Kvm(connection).open('sessions');
  for await (const key of await sessions.keys()) {
    if (key.includes('.')) continue;
    // The hub may write down its use at the same moment.
    await eventually('a session of long ago', async () => {
      const entry = await sessions.get(key);
      const record = entry?.json<Record<string, string>>();
      if (!entry || !record?.signedInAt) return true;
      const { steppedUpAt: _before, ...rest } = record;
      const then = new Date(Date.now() - 2 * 3_600_000).toISOString();
      await sessions.update(key, JSON.stringify({ ...rest, signedInAt: then }), entry.revision);
      return true;
    });
  }
  await connection.close();
}

export const proof = (page: Page) => page.getByRole('dialog', { name: 'Show once more that it is you' });

export async function prove(page: Page): Promise<void> {
  await expect(proof(page)).toBeVisible();
  await expectAccessible(page);
  await proof(page).getByLabel('Your password').fill(PASSWORD);
  await proof(page).getByRole('button', { name: 'Go on' }).click();
  await expect(proof(page)).toBeHidden();
}
