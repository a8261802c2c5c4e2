import '@fontsource-variable/atkinson-hyperlegible-next/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '#components/ui/theme.css';
import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { NO_EVAL } from '#components/ui/no-eval.ts';
import { RELOAD_WHEN_LOST } from '#components/ui/reload-when-lost.ts';
import { isTheme, THEME_COOKIE } from '#components/ui/theme.ts';

export const metadata: Metadata = {
  title: { default: 'Scorewall', template: '%s · Scorewall' },
  description: 'See your fleet work.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: dark)', color: '#0b1020' },
    { media: '(prefers-color-scheme: light)', color: '#f4f6fb' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // A nonce is made for each request, so no page may be rendered before there is one.
  await connection();
  const theme = (await cookies()).get(THEME_COOKIE)?.value;
  const nonce = /'nonce-([^']+)'/.exec((await headers()).get('content-security-policy') ?? '')?.[1];
  return (
    <html lang="en" data-theme={isTheme(theme) && theme !== 'usual' ? theme : undefined}>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: constants of ours; they must run before any file arrives */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: NO_EVAL + RELOAD_WHEN_LOST }} />
      </head>
      <body>{children}</body>
    </html>
  );
}
