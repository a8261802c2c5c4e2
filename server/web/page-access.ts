/** Which addresses answer without a session: the doors and the files they are drawn with; and where guests and TVs belong. */
const OPEN_PAGES = new Set(['/login', '/login/oidc', '/trust', '/start', '/join', '/guest', '/tv']);
const OPEN_FILES = /^\/(?:favicon\.ico|icon\.svg|apple-icon\.png|robots\.txt)$/;
/** No `..` and nothing encoded but brackets: the pages would resolve it and answer with another page. */
const BUILT_FILES = /^\/_next\/static\/(?!.*\.\.)(?:[\w~@()./-]|%5[BD])+$/;

export const isOpenPage = (path: string): boolean => OPEN_PAGES.has(path) || OPEN_FILES.test(path) || isImmutable(path);

/** The one page of who is signed in, and is no person: any other sends them back there. */
export const ONLY_PAGE = { tv: '/tv', guest: '/guest' } as const;

/** Content-hashed, so it may be kept for ever. */
export const isImmutable = (path: string): boolean => BUILT_FILES.test(path);
