/** Makes a link that lets anybody who has it watch one terminal until it ends. */
import type * as z from 'zod';
import type { GuestLink, GuestLinkRequest } from '#contracts/api-people.ts';
import { audited } from '../audit/audited.ts';
import { SESSION_KEY } from '../auth/accounts.ts';
import { reachDevice } from '../auth/reach.ts';
import { digest, newSecret } from '../auth/secret.ts';
import { checkBound, linkTo } from './one-time-link.ts';

const MOST_LINKS = 500;

export interface CreateGuestLinkInput extends z.infer<typeof GuestLinkRequest> {
  baseUrl: string;
}

export const createGuestLink = audited<CreateGuestLinkInput, GuestLink>(
  'guest.invite',
  ({ device, sid }) => `${device} ${sid}`,
  async ({ ctx, input: { device, sid, minutes, baseUrl } }) => {
    const { hub, actor } = ctx;
    const { guestLinks } = hub.buckets;
    await reachDevice(ctx, device, 'drive');
    checkBound((await guestLinks.list(SESSION_KEY.guestLinks)).length, MOST_LINKS, 'links for guests');
    const secret = newSecret();
    const expiresAt = new Date(Date.now() + minutes * 60_000).toISOString();
    const by = { user: actor.user, ...(actor.id ? { id: actor.id } : {}) };
    const record = { device, sid, by, expiresAt };
    await guestLinks.put(SESSION_KEY.guestLink(digest(secret)), record, { expectedRevision: 0, ttlSeconds: minutes * 60 });
    return { url: linkTo(baseUrl, 'guest', secret), expiresAt };
  },
);
