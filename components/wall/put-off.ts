/** Questions a person put off: gone from this page's strip until it is loaded anew, and never from the tile. */
const CHANGED = 'scorewall:put-off';
const later = new Set<string>();

export function putOff(ask: string): void {
  later.add(ask);
  window.dispatchEvent(new Event(CHANGED));
}

export const isPutOff = Object.assign((ask: string): boolean => later.has(ask), { version: (): number => later.size });

export function onPutOff(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
}
