/** What a provider's claims mean here: whether somebody may come in, as what, and under which name. Pure. */
import { ROLES } from '#contracts/access.ts';
import { NAME_PATTERN } from '#contracts/name.ts';
import type { PersonRecord } from '../accounts.ts';
import type { OidcSettings } from './settings.ts';

export type Claims = Readonly<Record<string, unknown>>;
type GivenRole = PersonRecord['role'];

const LONGEST_NAME = 40;

/** The highest role of all values; undefined for none. */
export function roleFrom(claims: Claims, { roleClaim, roles }: Pick<OidcSettings, 'roleClaim' | 'roles'>): GivenRole | undefined {
  const values = new Set(valuesAt(claims, roleClaim));
  const held = Object.entries(roles).flatMap(([value, role]) => (values.has(value) ? [role] : []));
  return held.sort((a, b) => ROLES.indexOf(b) - ROLES.indexOf(a))[0];
}

/** undefined: nothing stands against it. Else why not, in words. */
export function refusalFrom(claims: Claims, settings: Pick<OidcSettings, 'require' | 'emailDomains'>): string | undefined {
  const { require, emailDomains } = settings;
  const missing = Object.entries(require).find(([path, value]) => !valuesAt(claims, path.split('.')).includes(value));
  if (missing) return `Your account there is not one with ${missing[0]} = ${missing[1]}.`;
  if (emailDomains.length === 0) return undefined;
  const { email, email_verified } = claims;
  const domain = typeof email === 'string' && email_verified === true ? email.split('@').at(-1)!.toLowerCase() : '';
  return emailDomains.includes(domain)
    ? undefined
    : `Your account there has no verified address at ${emailDomains.join(' or ')}.`;
}

/** A string, a list of them, or an object whose keys they are. */
function valuesAt(claims: Claims, path: readonly string[]): string[] {
  let at: unknown = claims;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return [];
    at = (at as Record<string, unknown>)[step];
  }
  if (typeof at === 'string') return [at];
  if (typeof at === 'boolean' || typeof at === 'number') return [String(at)];
  if (Array.isArray(at)) return at.filter((one): one is string => typeof one === 'string');
  return typeof at === 'object' && at !== null ? Object.keys(at) : [];
}

/** Their name there, made one that is valid here and that nobody has. */
export function nameFrom(claims: Claims, isTaken: (name: string) => boolean): string {
  const { preferred_username, email, name } = claims;
  const wanted = [preferred_username, email, name].filter((one) => typeof one === 'string').map(toName);
  const first = wanted.find(Boolean) ?? 'person';
  if (!isTaken(first)) return first;
  for (let number = 2; ; number++) {
    const next = `${first}-${number}`;
    if (!isTaken(next)) return next;
  }
}

function toName(text: string): string {
  const name = text
    .split('@')[0]!
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, '');
  return NAME_PATTERN.test(name) ? name : '';
}
