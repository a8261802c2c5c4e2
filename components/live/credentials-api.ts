/** The part of the REST API about sessions, tokens, proofs and the record: `await credentialsApi.endSession(id)`. As api-client.ts. */
import * as z from 'zod';
import { PasskeyOptions } from '#contracts/api-auth.ts';
import { AuditPage } from '#contracts/api-identity.ts';
import { NewToken, SessionList, SteppedUp, TokenList, type TokenRequest } from '#contracts/api-people.ts';
import { request } from './api-client.ts';

const Nothing = z.unknown();
const at = (id: string) => encodeURIComponent(id);

/** What is empty is not asked for. */
export type AuditWords = Partial<Record<'user' | 'action' | 'target' | 'result' | 'since' | 'until', string>>;

export function auditQuery(words: AuditWords, more: Record<string, string> = {}): string {
  const filled = Object.entries({ ...words, ...more }).filter(([, value]) => value !== '');
  return new URLSearchParams(filled).toString();
}

export const credentialsApi = {
  prove: ({ password, code }: { password: string; code: string | undefined }) =>
    request(SteppedUp, '/step-up', { method: 'POST', json: { kind: 'password', password, ...(code ? { code } : {}) } }),
  proveByPasskey: async () => {
    const options = await request(PasskeyOptions, '/you/proof-options', { method: 'POST', json: {} });
    const { askForPasskey } = await import('../auth/passkey-ceremony.ts');
    const response = await askForPasskey(options);
    return request(SteppedUp, '/step-up', { method: 'POST', json: { kind: 'passkey', response } });
  },

  sessions: (signal?: AbortSignal) => request(SessionList, '/sessions', { signal }),
  endSession: (id: string) => request(Nothing, `/sessions/${at(id)}`, { method: 'DELETE', json: {} }),
  tokens: (signal?: AbortSignal) => request(TokenList, '/tokens', { signal }),
  createToken: (json: z.input<typeof TokenRequest>) => request(NewToken, '/tokens', { method: 'POST', json }),
  removeToken: (id: string) => request(Nothing, `/tokens/${at(id)}`, { method: 'DELETE', json: {} }),

  audit: (words: AuditWords, before: number | undefined, signal?: AbortSignal) =>
    request(AuditPage, `/audit?${auditQuery(words, before ? { before: String(before) } : {})}`, { signal }),
  auditExportUrl: (words: AuditWords, format: 'jsonl' | 'csv') => `/api/v1/audit/export?${auditQuery(words, { format })}`,
};
