/** The choice of colours, as the cookie and the document know it. Without one the wall is dark and the other pages follow the system. */
export const THEME_COOKIE = 'scorewall-theme';
export type Theme = 'usual' | 'system' | 'dark' | 'light';

export const isTheme = (text: unknown): text is Theme =>
  text === 'usual' || text === 'system' || text === 'dark' || text === 'light';
