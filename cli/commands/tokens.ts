/** `scorewall tokens list|create|remove`: keys for programs, each with at most the rights of whoever makes it. */
import { type GivenGrants, grantWords } from '#contracts/access.ts';
import type { Context } from '../context.ts';
import { ageOf } from '../output/duration.ts';
import { toTable } from '../output/table.ts';

const DAY_MS = 86_400_000;

export async function listTokens({ hub, terminal }: Context, asJson: boolean): Promise<void> {
  const tokens = await hub.tokens();
  if (asJson) return terminal.out(JSON.stringify({ items: tokens }, null, 2));
  const now = Date.now();
  terminal.out(
    toTable(
      ['ID', 'NAME', 'OF', 'MAY', 'ENDS', 'LAST USED'],
      tokens.map((one) => [
        one.id,
        one.name,
        one.user,
        grantWords(one.grants),
        one.expiresAt.slice(0, 10),
        one.lastUsedAt ? `${ageOf(one.lastUsedAt, now)} ago` : 'never',
      ]),
    ),
  );
}

export interface TokenOptions {
  grant: GivenGrants[number];
  days: number;
}

/** The secret alone goes to standard output, so that a script may keep it. */
export async function createToken({ hub, terminal }: Context, name: string, { grant, days }: TokenOptions): Promise<void> {
  const expiresAt = new Date(Date.now() + days * DAY_MS).toISOString();
  const { secret, token } = await hub.createToken({ name, grants: [grant], expiresAt });
  terminal.err(
    `${terminal.paint('green', '✓')} ${name} may: ${grantWords(token.grants)}, until ${token.expiresAt.slice(0, 10)}. It is shown once:`,
  );
  terminal.out(secret);
}

export async function removeToken({ hub, terminal }: Context, id: string): Promise<void> {
  await hub.removeToken(id);
  terminal.out(`${terminal.paint('green', '✓')} The token is refused from now on, and its connections are cut.`);
}
