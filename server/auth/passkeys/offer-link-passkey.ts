/** Begins to finish a one-time link with a passkey: only for who holds a link that is still good. */
import type * as z from 'zod';
import type { LinkPasskeyRequest, PasskeyOptions } from '#contracts/api-auth.ts';
import type { Hub } from '../../hub.ts';
import { findInvite, inviteUsed } from '../../people/join.ts';
import { refuseGuess } from '../../people/one-time-link.ts';
import { OWNER } from '../accounts.ts';
import { linkUsed } from '../make-owner.ts';
import { findOwnerLink } from '../owner-link.ts';
import { linkPasskeyOptions } from './link-passkey.ts';

export interface OfferInput extends z.infer<typeof LinkPasskeyRequest> {
  door: string;
  origin: string;
  /** Network address the attempt comes from. */
  source: string;
}

export async function offerLinkPasskey(hub: Hub, { kind, ...at }: OfferInput): Promise<PasskeyOptions> {
  if (kind === 'owner') {
    if ((await findOwnerLink(hub.buckets, at.token)) === undefined) throw refuseGuess(hub, at.source, linkUsed());
    return linkPasskeyOptions(hub, at, OWNER);
  }
  const invite = await findInvite(hub.buckets, at.token);
  if (!invite) throw refuseGuess(hub, at.source, inviteUsed());
  return linkPasskeyOptions(hub, at, invite.value.name);
}
