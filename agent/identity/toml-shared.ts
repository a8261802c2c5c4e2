/** Credentials for a lab: one user and password from the config, shared by several devices. */
import { subjects } from '#contracts/subjects.ts';
import type { CredentialSource, NatsCredential } from './credential-source.ts';

export function tomlShared(device: string, user: string, pass: string): CredentialSource {
  const credential: NatsCredential = {
    user,
    pass,
    inboxPrefix: subjects.inbox(device),
    expiresAtMs: Number.POSITIVE_INFINITY,
  };
  return { kind: 'toml-shared', current: () => credential, refresh: async () => 'unchanged' };
}
