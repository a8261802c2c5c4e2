/** Who signed in last on this browser, so that the name is there the next time. Storage that is shut changes nothing. */
const KEY = 'scorewall.name';
const FIRST = 'owner';

export function lastName(): string {
  try {
    return localStorage.getItem(KEY) || FIRST;
  } catch {
    return FIRST;
  }
}

export function rememberName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Then it is typed again.
  }
}
