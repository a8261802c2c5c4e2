/** A one-time link finished with a passkey instead of a password: what it is made for, and whose it becomes. */
import { randomBytes } from 'node:crypto';
import type { PasskeyOptions, PasskeyRegistration } from '#contracts/api-auth.ts';
import type { Hub } from '../../hub.ts';
import { OWNER } from '../accounts.ts';
import { wallName } from '../describe-session.ts';
import { digest } from '../secret.ts';
import { checkRegistration, registrationOptions } from './passkeys.ts';

export interface LinkDoor {
  /** Of the short-lived cookie. */
  door: string;
  origin: string;
  /** Secret of the link. */
  token: string;
}

const ceremonyOf = ({ door, origin, token }: LinkDoor) => ({
  purpose: 'link' as const,
  boundTo: digest(`${door} ${token}`),
  origin,
});

/** Somebody new gets the id they will have here, so that the passkey is theirs and no namesake's. */
export async function linkPasskeyOptions(hub: Hub, at: LinkDoor, user: string): Promise<PasskeyOptions> {
  const who = user === OWNER ? { user } : { user, id: newPersonId() };
  return registrationOptions(hub, ceremonyOf(at), who, await wallName(hub));
}

export const newPersonId = (): string => randomBytes(8).toString('hex');

export const checkLinkPasskey = (hub: Hub, at: LinkDoor, response: PasskeyRegistration) =>
  checkRegistration(hub, ceremonyOf(at), response);

/** Until its person gives it another one. */
export const FIRST_PASSKEY = 'First passkey';
