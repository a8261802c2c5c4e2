/** The part of the REST API about the ways in: `await authApi.loginWithPasskey(response)`. As api-client.ts. */
import * as z from 'zod';
import { Session } from '#contracts/api.ts';
import {
  Doors,
  OidcFinish,
  OidcStart,
  Passkey,
  type PasskeyAssertion,
  PasskeyOptions,
  type PasskeyRegistration,
  RecoveryCodes,
  TotpKey,
  You,
} from '#contracts/api-auth.ts';
import { request } from './api-client.ts';

const Nothing = z.unknown();
const post = { method: 'POST', json: {} } as const;

export type LinkKind = 'owner' | 'invite';

export const authApi = {
  doors: (signal?: AbortSignal) => request(Doors, '/doors', { signal }),
  passkeyLoginOptions: () => request(PasskeyOptions, '/login/passkey-options', post),
  loginWithPasskey: (response: PasskeyAssertion) => request(Session, '/login/passkey', { method: 'POST', json: { response } }),
  linkPasskeyOptions: (kind: LinkKind, token: string) =>
    request(PasskeyOptions, '/links/passkey-options', { method: 'POST', json: { kind, token } }),
  joinWithPasskey: (token: string, passkey: PasskeyRegistration) =>
    request(Session, '/join', { method: 'POST', json: { token, passkey } }),
  oidcStart: (next: string, again = false) => request(OidcStart, '/oidc/start', { method: 'POST', json: { next, again } }),
  oidcFinish: (query: string) => request(OidcFinish, '/oidc/finish', { method: 'POST', json: { query } }),

  you: (signal?: AbortSignal) => request(You, '/you', { signal }),
  changePassword: (password: string, current: string | undefined) =>
    request(Nothing, '/you/password', { method: 'PUT', json: { password, ...(current ? { current } : {}) } }),
  passkeyOptions: () => request(PasskeyOptions, '/you/passkey-options', post),
  addPasskey: (name: string, response: PasskeyRegistration) =>
    request(Passkey, '/you/passkeys', { method: 'POST', json: { name, response } }),
  removePasskey: (id: string) => request(Nothing, `/you/passkeys/${encodeURIComponent(id)}`, { method: 'DELETE', json: {} }),
  startTotp: () => request(TotpKey, '/you/totp', post),
  confirmTotp: (code: string) => request(RecoveryCodes, '/you/totp/confirm', { method: 'POST', json: { code } }),
  renewRecoveryCodes: () => request(RecoveryCodes, '/you/totp/recovery-codes', post),
  /** Of somebody who lost the phone; the owner's business. */
  resetTotpOf: (name: string) => request(Nothing, `/people/${encodeURIComponent(name)}/totp`, { method: 'DELETE', json: {} }),
  removeTotp: () => request(Nothing, '/you/totp', { method: 'DELETE', json: {} }),
};
