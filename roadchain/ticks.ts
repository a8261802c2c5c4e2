/**
 * Who is in contact right now as one device: challenges, sessions and ticks, kept by the anchor in memory.
 *
 * A superseded session that answers a challenge issued after it was superseded proves two living holders of one key. That it
 * merely speaks again proves nothing: messages overtake each other. So an activation voids every challenge issued before it; what
 * is still open then was issued after. In the same way an older key only counts as shown if the challenge is younger than the head.
 */

export interface Challenge {
  an: string;
  /** Head of the chain when it was issued. */
  head: string;
}
export interface Contact {
  /** What nobody has answered yet, oldest first. */
  challenges: readonly Challenge[];
  /** Session of the agent that answered last. */
  active?: string;
  superseded: readonly string[];
  /** The tick awaited next, and the one answered last. */
  awaited?: { n: number; an: string };
  answered?: { n: number; an: string };
}
export const NO_CONTACT: Contact = { challenges: [], superseded: [] };

/** Anybody may ask for a challenge, so what is open is bounded; the door limits how often one may ask. */
const MAX_CHALLENGES = 64;
const MAX_SUPERSEDED = 16;

export const challenge = (contact: Contact, issued: Challenge): Contact => ({
  ...contact,
  challenges: [...contact.challenges, issued].slice(-MAX_CHALLENGES),
});
export const findChallenge = (contact: Contact, an: string): Challenge | undefined =>
  contact.challenges.find((open) => open.an === an);
/** A challenge is good for one answer. */
export const spend = (contact: Contact, an: string): Contact => ({
  ...contact,
  challenges: contact.challenges.filter((open) => open.an !== an),
});

/**
 * What the answer to a challenge, signed by the key of the head, says. `next` is the nonce of the first tick. `open`: that there are
 * several is known already, so that nobody is accused, and each is heard in turn until a person has chosen.
 */
export function prove(
  contact: Contact,
  { an, session, next, open = false }: { an: string; session: string; next: string; open?: boolean },
): { kind: 'unasked' | 'two-holders' | 'active'; contact: Contact } {
  if (!findChallenge(contact, an)) return { kind: 'unasked', contact };
  if (open) return { kind: 'active', contact: { ...spend(contact, an), active: session, awaited: { n: 0, an: next } } };
  if (contact.superseded.includes(session)) return { kind: 'two-holders', contact: spend(contact, an) };
  const before = contact.active !== undefined && contact.active !== session ? [contact.active] : [];
  return {
    kind: 'active',
    contact: {
      challenges: [],
      active: session,
      superseded: [...contact.superseded, ...before].slice(-MAX_SUPERSEDED),
      awaited: { n: 0, an: next },
    },
  };
}

/** A tick signed by the key of the head. `again`: its answer was lost, and is the one awaited now. */
export function tick(
  contact: Contact,
  { session, n, an, next }: { session: string; n: number; an: string; next: string },
): { kind: 'other-session' | 'unasked' | 'again' | 'ticked'; contact: Contact } {
  const { awaited, answered } = contact;
  if (session !== contact.active || !awaited) return { kind: 'other-session', contact };
  if (answered?.n === n && answered.an === an) return { kind: 'again', contact };
  if (awaited.n !== n || awaited.an !== an) return { kind: 'unasked', contact };
  return { kind: 'ticked', contact: { ...contact, awaited: { n: n + 1, an: next }, answered: { n, an } } };
}
