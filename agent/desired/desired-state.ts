/**
 * What this device is asked to run, as far as it knows. Pure and guarded by versions, so messages may come late, twice or never.
 * A deployment is added or changed by its own key. It is removed only by a delete marker, or when its key is gone and an index
 * newer than it no longer lists it.
 */

/** One deployment as the reconciler takes it. */
export interface DesiredDeployment {
  name: string;
  revision: number;
  /** The exact Score JSON. */
  text: string;
}

/** `storedAtMs` is the server's clock: after a stream was made anew its revisions start at 1, only the time tells it is newer. */
export interface Version {
  revision: number;
  storedAtMs: number;
}

export interface DesiredEntry extends Version {
  /** The exact Score text; null: deleted, kept so that an older reading cannot bring it back. */
  text: string | null;
}

export interface DesiredState {
  /** Version of the newest valid index. */
  index: Version | null;
  /** Every key of a valid index has been read at least once: what is not here is not wanted. */
  complete: boolean;
  entries: ReadonlyMap<string, DesiredEntry>;
}

export type KeyReading = { kind: 'value'; version: Version; text: string } | { kind: 'deleted'; version: Version } | NoReading;
export type IndexReading =
  | { kind: 'valid'; version: Version; names: readonly string[] }
  | { kind: 'invalid'; why: string }
  | NoReading;
/** `absent`: the store says there is none. `unknown`: it did not say. */
type NoReading = { kind: 'absent' } | { kind: 'unknown'; why: string };

export const NOTHING_KNOWN: DesiredState = { index: null, complete: false, entries: new Map() };

export const isNewer = (a: Version, b: Version | null | undefined): boolean =>
  !b || a.revision > b.revision || a.storedAtMs > b.storedAtMs;

/** The same object back means that nothing changed. */
export function applyKey(state: DesiredState, name: string, reading: KeyReading): DesiredState {
  if (reading.kind !== 'value' && reading.kind !== 'deleted') return state;
  const known = state.entries.get(name);
  if (!isNewer(reading.version, known)) return state;
  const text = reading.kind === 'value' ? reading.text : null;
  return { ...state, entries: new Map(state.entries).set(name, { ...reading.version, text }) };
}

/** `keys` holds a reading for each name the index lists and each name known before. */
export function applySync(before: DesiredState, index: IndexReading, keys: ReadonlyMap<string, KeyReading>): DesiredState {
  let state = before;
  for (const [name, reading] of keys) state = applyKey(state, name, reading);
  if (index.kind !== 'valid' || (state.index && isNewer(state.index, index.version))) return state;

  const listed = new Set(index.names);
  const gone = [...state.entries].filter(([name, entry]) => {
    if (listed.has(name) || !isLater(index.version, entry)) return false;
    return entry.text === null || keys.get(name)?.kind === 'absent';
  });
  if (gone.length > 0) {
    const entries = new Map(state.entries);
    for (const [name] of gone) entries.delete(name);
    state = { ...state, entries };
  }
  const complete = state.complete || index.names.every((name) => state.entries.has(name));
  if (complete === state.complete && !isNewer(index.version, state.index)) return state;
  return { ...state, complete, index: index.version };
}

const isLater = (a: Version, b: Version) => a.storedAtMs > b.storedAtMs;

export function toDeployments(state: DesiredState): DesiredDeployment[] {
  return [...state.entries]
    .flatMap(([name, { revision, text }]) => (text === null ? [] : [{ name, revision, text }]))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names that something is known of: that they are wanted, or that they are not. */
export const decidedNames = (state: DesiredState): ReadonlySet<string> => new Set(state.entries.keys());

/** Names whose keys a sync has to read besides those of the index. */
export const knownNames = (state: DesiredState): string[] =>
  [...state.entries].filter(([, entry]) => entry.text !== null).map(([name]) => name);
