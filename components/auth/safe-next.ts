/** Where to go after signing in: a path of this site, never somewhere a link from outside points to. Pure. */
const HERE = 'http://here.invalid';
const DOORS = new Set(['/login', '/login/oidc', '/start', '/join', '/trust']);

export function safeNext(next: string | null): string {
  // The browser's own reading decides: it skips tabs and takes a backslash for a slash.
  if (!next?.startsWith('/') || !URL.canParse(next, HERE)) return '/';
  const { origin, pathname, search } = new URL(next, HERE);
  return origin === HERE && !DOORS.has(pathname) && !pathname.startsWith('//') ? pathname + search : '/';
}
