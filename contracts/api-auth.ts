/** Bodies of the REST API around the ways people sign in: passkeys, codes from an app, and accounts of a provider. */
import * as z from 'zod';
import { Name } from './name.ts';

/** How a session was opened, in the order of what was shown. `link`: a one-time link; `recovery`: a recovery code in place of `totp`. */
export const AMR = ['password', 'totp', 'recovery', 'passkey', 'oidc', 'link'] as const;
export const Amr = z.enum(AMR);
export type Amr = z.infer<typeof Amr>;

const Base64Url = z.string().regex(/^[A-Za-z0-9_-]*={0,2}$/, 'This is not base64url.');
const CredentialId = Base64Url.min(1).max(1400);
const Transports = z.array(z.string().max(32)).max(8);
const credential = <T extends z.ZodType>(response: T) =>
  z.object({
    id: CredentialId,
    rawId: CredentialId,
    type: z.literal('public-key'),
    authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
    clientExtensionResults: z.record(z.string().max(64), z.unknown()).default({}),
    response,
  });

/** What `navigator.credentials.create` gave, as JSON of WebAuthn level 3. */
export const PasskeyRegistration = credential(
  z.object({
    clientDataJSON: Base64Url.max(4_096),
    attestationObject: Base64Url.max(32_768),
    transports: Transports.optional(),
  }),
).meta({ id: 'PasskeyRegistration' });
export type PasskeyRegistration = z.infer<typeof PasskeyRegistration>;

/** A one-time link is finished with one of the two. */
export const oneWayIn = ({ password, passkey }: { password?: unknown; passkey?: unknown }): boolean =>
  (password === undefined) !== (passkey === undefined);
export const ONE_WAY_IN = 'Send a password or a passkey.';

/** What `navigator.credentials.get` gave, likewise. */
export const PasskeyAssertion = credential(
  z.object({
    clientDataJSON: Base64Url.max(4_096),
    authenticatorData: Base64Url.max(4_096),
    signature: Base64Url.max(4_096),
    userHandle: Base64Url.max(128).nullish(),
  }),
).meta({ id: 'PasskeyAssertion' });
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;

/** To be handed to the browser as it is: PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON. */
export const PasskeyOptions = z
  .object({ options: z.record(z.string(), z.unknown()).describe('Good for one use, for five minutes.') })
  .meta({ id: 'PasskeyOptions' });
export type PasskeyOptions = z.infer<typeof PasskeyOptions>;

export const Code = z.string().trim().min(6).max(40).describe('Six digits of the app, or one of the recovery codes.');

/** Shows that whoever is signed in is still there: `POST /you/proof-options` gives the options for `passkey`. */
export const PersonProof = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('password'),
      password: z.string().min(1).max(1024),
      code: Code.optional().describe('Needed where codes from an app are turned on.'),
    }),
    z.strictObject({ kind: z.literal('passkey'), response: PasskeyAssertion }),
  ])
  .meta({ id: 'PersonProof' });
export type PersonProof = z.infer<typeof PersonProof>;

/** `POST /login/passkey`, without a session; options from `POST /login/passkey-options` */
export const PasskeyLoginRequest = z.strictObject({ response: PasskeyAssertion }).meta({ id: 'PasskeyLoginRequest' });

/** `POST /links/passkey-options`, without a session: to finish a one-time link with a passkey instead of a password */
export const LinkPasskeyRequest = z
  .strictObject({ kind: z.enum(['owner', 'invite']), token: z.string().min(1).max(200) })
  .meta({ id: 'LinkPasskeyRequest' });

/** `POST /you/passkeys`, options from `POST /you/passkey-options` */
export const AddPasskeyRequest = z
  .strictObject({ name: z.string().trim().min(1).max(40).describe('Which one it is.'), response: PasskeyRegistration })
  .meta({ id: 'AddPasskeyRequest' });

export const Passkey = z
  .object({
    id: z.string().describe('For removing it.'),
    name: z.string(),
    host: z.string().describe('The host name it works at.'),
    synced: z.boolean().describe('It is kept in an account and may be on several devices.'),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Passkey' });
export type Passkey = z.infer<typeof Passkey>;

/** `GET /you`: the ways in that you have */
export const You = z
  .object({
    user: Name,
    source: z.enum(['here', 'oidc']).describe('`oidc`: signs in with the account of a provider, and only so.'),
    hasPassword: z.boolean(),
    passkeys: z.array(Passkey),
    totp: z
      .object({ since: z.iso.datetime(), recoveryCodesLeft: z.number().int() })
      .optional()
      .describe('Present: codes from an app are asked for with the password.'),
  })
  .meta({ id: 'You' });
export type You = z.infer<typeof You>;

/** `POST /you/totp`: a new key, which counts once `POST /you/totp/confirm` had a code of it */
export const TotpKey = z
  .object({
    key: z.string().describe('Base32, to be typed.'),
    uri: z.string().describe('`otpauth://`, to be shown as a QR code.'),
  })
  .meta({ id: 'TotpKey' });
export type TotpKey = z.infer<typeof TotpKey>;
export const ConfirmTotpRequest = z.strictObject({ code: Code }).meta({ id: 'ConfirmTotpRequest' });
export const RecoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).describe('Each is good once. Shown once.') })
  .meta({ id: 'RecoveryCodes' });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

/** `PUT /you/password` */
export const ChangePasswordRequest = z
  .strictObject({
    current: z.string().min(1).max(1024).optional().describe('Needed where there is one.'),
    password: z.string().min(10, 'Use at least 10 characters.').max(1024),
  })
  .meta({ id: 'ChangePasswordRequest' });

/** `GET /doors`, without a session: what the login page offers */
export const Doors = z
  .object({
    oidc: z.object({ name: z.string().describe('For the button: Sign in with NAME.') }).optional(),
    hosts: z.array(z.string()).describe('Host names of the hub that its certificate has; for pages opened by address.'),
    ca: z
      .object({ fingerprint: z.string().describe('SHA-256, as the hub prints it at its start.') })
      .optional()
      .describe("Present where the hub's certificate is of the fleet's own CA: `GET /ca.crt`."),
  })
  .meta({ id: 'Doors' });
export type Doors = z.infer<typeof Doors>;

/** `POST /oidc/start`, without a session: where to go; `again` asks the provider for the password even if it knows the browser */
export const OidcStartRequest = z
  .strictObject({ next: z.string().max(500).optional(), again: z.boolean().optional() })
  .meta({ id: 'OidcStartRequest' });
export const OidcStart = z.object({ url: z.string().describe("The provider's page.") }).meta({ id: 'OidcStart' });
export type OidcStart = z.infer<typeof OidcStart>;
/** `POST /oidc/finish`, without a session: what the provider sent back in the address */
export const OidcFinishRequest = z.strictObject({ query: z.string().max(8_192) }).meta({ id: 'OidcFinishRequest' });
export const OidcFinish = z.object({ user: Name, next: z.string() }).meta({ id: 'OidcFinish' });
export type OidcFinish = z.infer<typeof OidcFinish>;

/** `POST /logout` of who came from a provider: the page there that signs out too */
export const ProviderLogout = z.object({ url: z.string() }).meta({ id: 'ProviderLogout' });
