/** Tokens for programs: they carry at most the rights of whoever made them, end within a year, and are stored only as a digest. */
import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import { grantsCover, grantWords } from '#contracts/access.ts';
import type { NewToken, TokenRequest, TokenView } from '#contracts/api-people.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import type { Actor, Context } from '../hub.ts';
import { ACCOUNT_KEY, type TokenRecord } from './accounts.ts';
import { cutConnections } from './end-sessions.ts';
import type { Identity } from './identify.ts';
import { hasOnFleet } from './reach.ts';
import { digest, newSecret } from './secret.ts';
import { digestOfTokenKey, isOver } from './tokens.ts';

/** Of one person. */
const MOST_TOKENS = 50;

export interface CreateTokenInput extends z.infer<typeof TokenRequest> {
  identity: Identity;
}

export const createToken = audited<CreateTokenInput, NewToken>(
  'token.create',
  ({ name, grants }) => `${name}: ${grantWords(grants)}`,
  async ({ ctx, input: { name, grants, expiresAt, identity } }) => {
    const { hub, actor } = ctx;
    // A token that makes tokens would never end.
    if (identity.token?.tid)
      throw new ProblemError('forbidden', 'A token makes no other tokens.', 'Nothing has changed. Sign in and make it there.');
    if (!grantsCover(actor.grants, grants))
      throw new ProblemError(
        'forbidden',
        `You have less than ${grantWords(grants)} yourself.`,
        'Nothing has changed. A token gets at most what whoever makes it has.',
      );
    const mine = (await tokensOf(ctx)).filter(({ value }) => isTheirs(actor, value));
    if (mine.length >= MOST_TOKENS)
      throw new ProblemError(
        'conflict',
        `You have ${MOST_TOKENS} tokens, which is the most there may be.`,
        'Nothing has changed. Take one back that is not needed any more.',
      );
    const secret = newSecret();
    const record: TokenRecord & { tid: string; expiresAt: string } = {
      user: actor.user,
      ...(actor.id ? { id: actor.id } : {}),
      label: name,
      tid: randomBytes(8).toString('hex'),
      grants,
      createdAt: new Date().toISOString(),
      expiresAt,
    };
    await hub.buckets.tokens.put(ACCOUNT_KEY.token(digest(secret)), record, { expectedRevision: 0 });
    return { token: toView(record), secret };
  },
);

/** One's own; the owner sees those of all. The one of the hub's machine is not among them: it ends with each start. */
export async function listTokens({ ctx }: { ctx: Context }): Promise<TokenView[]> {
  return (await tokensOf(ctx))
    .filter(({ value }) => !isOver(value, Date.now()))
    .map(({ value }) => toView(value))
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

export const removeToken = audited<{ id: string }, void>(
  'token.remove',
  ({ id }) => id,
  async ({ ctx, input: { id } }) => {
    const found = (await tokensOf(ctx)).find(({ value }) => value.tid === id);
    if (!found) throw new ProblemError('not-found', 'There is no such token.', 'Nothing has changed. See the list of tokens.');
    await ctx.hub.buckets.tokens.delete(found.key);
    await cutConnections(ctx.hub, digestOfTokenKey(found.key), 'revoke');
  },
);

interface Made extends TokenRecord {
  tid: string;
  expiresAt: string;
}

async function tokensOf({ hub, actor }: Context) {
  const all = await hub.buckets.tokens.list(ACCOUNT_KEY.tokens);
  const everybodys = hasOnFleet(actor, 'own');
  return all.flatMap(({ key, value }) => {
    const { tid, expiresAt } = value;
    if (!tid || !expiresAt || !(everybodys || isTheirs(actor, value))) return [];
    return { key, value: { ...value, tid, expiresAt } satisfies Made };
  });
}

const isTheirs = ({ user, id }: Actor, record: Pick<TokenRecord, 'user' | 'id'>): boolean =>
  record.user === user && record.id === id;

const toView = ({ tid, label, user, grants = [], createdAt, expiresAt, lastUsedAt }: Made): TokenView => ({
  id: tid,
  name: label,
  user,
  grants,
  createdAt,
  expiresAt,
  ...(lastUsedAt ? { lastUsedAt } : {}),
});
