import { describe, expect, it } from 'vitest';
import { nameFrom, refusalFrom, roleFrom } from './read-claims.ts';
import { parseOidcSettings } from './settings.ts';

const roles = { 'wall-viewers': 'viewer', 'wall-admins': 'admin', ops: 'operator' } as const;
const role = (claims: object, ...roleClaim: string[]) => roleFrom(claims as Record<string, unknown>, { roleClaim, roles });

describe('the role of a claim', () => {
  it.each<[string, object, string[], string | undefined]>([
    ['a word', { role: 'ops' }, ['role'], 'operator'],
    ['the highest of a list', { groups: ['wall-viewers', 'wall-admins', 'else'] }, ['groups'], 'admin'],
    ['as Keycloak has it', { realm_access: { roles: ['ops'] } }, ['realm_access', 'roles'], 'operator'],
    ['as Zitadel has it', { 'urn:zitadel:roles': { 'wall-viewers': { 1: 'org' } } }, ['urn:zitadel:roles'], 'viewer'],
    ['none of ours', { groups: ['else', 7, null] }, ['groups'], undefined],
    ['no claim', {}, ['groups'], undefined],
    ['a word of the prototype', { groups: ['constructor', '__proto__'] }, ['groups'], undefined],
    ['a path through the prototype', {}, ['constructor', 'name'], undefined],
  ])('%s', (_, claims, path, expected) => expect(role(claims, ...path)).toBe(expected));
});

describe('who may not come in', () => {
  const settings = { require: { 'org.id': '42' }, emailDomains: ['example.org'] };
  it.each<[string, object, RegExp | undefined]>([
    ['has everything', { org: { id: 42 }, email: 'sam@Example.org', email_verified: true }, undefined],
    ['is of another organisation', { org: { id: 43 }, email: 'sam@example.org', email_verified: true }, /org\.id = 42/],
    ['has another address', { org: { id: '42' }, email: 'sam@example.org.evil.example', email_verified: true }, /example\.org/],
    ['has an address nobody verified', { org: { id: '42' }, email: 'sam@example.org', email_verified: false }, /verified/],
    ['has no address', { org: { id: '42' } }, /verified/],
  ])('%s', (_, claims, words) => {
    const refusal = refusalFrom(claims as Record<string, unknown>, settings);
    if (words) expect(refusal).toMatch(words);
    else expect(refusal).toBeUndefined();
  });
});

it.each<[object, string[], string]>([
  [{ preferred_username: 'Zoë Müller' }, [], 'zoe-muller'],
  [{ preferred_username: 'sam@example.org' }, [], 'sam'],
  [{ email: 'sam.smith@example.org' }, [], 'sam-smith'],
  [{ preferred_username: '山田', name: 'Yamada' }, [], 'yamada'],
  [{ preferred_username: '../../../' }, [], 'person'],
  [{ preferred_username: 'x'.repeat(300) }, [], 'x'.repeat(40)],
  [{ preferred_username: 'sam' }, ['sam', 'sam-2'], 'sam-3'],
])('%j becomes a name that is valid and free', (claims, taken, name) =>
  expect(nameFrom(claims as Record<string, unknown>, (one) => taken.includes(one))).toBe(name),
);

describe('settings', () => {
  const text = (issuer: string, more = '') => `name = "W"\nissuer = "${issuer}"\nclient_id = "c"\n${more}\n[roles]\na = "viewer"`;
  it('take https, and http on loopback only', async () => {
    expect((await parseOidcSettings(text('https://id.example.org'), '/oidc.toml')).scope).toBe('openid profile email');
    expect((await parseOidcSettings(text('http://127.0.0.1:9'), '/oidc.toml')).issuer).toBe('http://127.0.0.1:9');
    await expect(parseOidcSettings(text('http://id.example.org'), '/oidc.toml')).rejects.toThrow(/https/);
  });
  it('make nobody the owner, and tell what they do not know', async () => {
    await expect(parseOidcSettings(text('https://id.example.org').replace('viewer', 'owner'), '/oidc.toml')).rejects.toThrow(
      /roles/,
    );
    await expect(parseOidcSettings(text('https://id.example.org', 'secret = "x"'), '/oidc.toml')).rejects.toThrow(/secret/);
  });
});
