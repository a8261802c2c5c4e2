/** A fresh proof in a session that is open already: it gets a new secret, and what asks for a proof goes on for a while. */
import type { PersonProof } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import type { Identity } from './identify.ts';
import { provenUntilMs } from './proof.ts';
import { renewSession } from './renew-session.ts';
import { verifyPerson, type Where } from './verify-person.ts';
import { yourself } from './yourself.ts';

export interface StepUpInput extends Omit<Where, 'sessionKey'> {
  identity: Identity;
  proof: PersonProof;
}

export interface SteppedUp {
  until: Date;
  /** For the cookie, and nowhere else. */
  secret: string;
  expiresAt: string;
}

export const stepUp = audited<StepUpInput, SteppedUp>(
  'session.step-up',
  ({ identity }) => identity.actor.user,
  async ({ ctx: { hub }, input: { identity, proof, ...where } }) => {
    const { who, key } = yourself(identity);
    await verifyPerson(hub, who, proof, { ...where, sessionKey: key });
    const steppedUpAt = new Date().toISOString();
    const renewed = await renewSession(hub, identity, (record) => ({ ...record, steppedUpAt }));
    if (!renewed)
      throw new ProblemError('unauthenticated', 'Your session has just ended.', 'Devices are not affected. Sign in again.');
    const { secret, record } = renewed;
    return { until: new Date(provenUntilMs(record, hub.proofMs) ?? 0), secret, expiresAt: record.expiresAt };
  },
);
