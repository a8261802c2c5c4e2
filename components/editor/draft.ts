/** Drafts live in this browser, one a deployment, and survive a reload. A browser without storage keeps them until the page closes. */

export interface Draft {
  text: string;
  /** Milliseconds since 1970. */
  savedAt: number;
  /** KV revision the draft started from; absent for a new deployment. */
  baseRevision?: number;
  /** The manifest the draft started from, for telling apart what others changed meanwhile. */
  baseText?: string;
}

/** The deployment's name, or `''` for one that does not exist yet. */
const keyOf = (name: string) => `scorewall.draft.${name}`;
const memory = new Map<string, string>();

export function loadDraft(name: string): Draft | undefined {
  try {
    const draft: unknown = JSON.parse(storage().getItem(keyOf(name)) ?? memory.get(keyOf(name)) ?? 'null');
    return isDraft(draft) ? draft : undefined;
  } catch {
    return undefined;
  }
}

/** False: the browser refuses to store it (private window, storage full). It is kept until the page closes. */
export function saveDraft(name: string, draft: Draft): boolean {
  const text = JSON.stringify(draft);
  memory.set(keyOf(name), text);
  try {
    storage().setItem(keyOf(name), text);
    return true;
  } catch {
    return false;
  }
}

export function discardDraft(name: string): void {
  memory.delete(keyOf(name));
  try {
    storage().removeItem(keyOf(name));
  } catch {
    // A browser that refuses storage has nothing to remove.
  }
}

const storage = (): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> => globalThis.localStorage;

function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string' && 'savedAt' in value;
}
