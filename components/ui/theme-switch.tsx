'use client';
/** ThemeSwitch: as usual, like the system, dark or light. Kept in a cookie, so that the server draws the right one at once. */
import { Moon, Sun, SunMoon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';
import { Menu } from './menu.tsx';
import { isTheme, THEME_COOKIE, type Theme } from './theme.ts';

const YEAR_SECONDS = 31_536_000;
const words: Record<Theme, string> = {
  usual: 'Wall dark, rest like the system',
  system: 'Like the system',
  dark: 'Dark',
  light: 'Light',
};
const icons = { usual: SunMoon, system: SunMoon, dark: Moon, light: Sun };

export function applyTheme(theme: Theme): void {
  if (theme === 'usual') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=strict`;
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>('usual');
  useEffect(() => {
    const { theme: chosen } = document.documentElement.dataset;
    if (isTheme(chosen)) setTheme(chosen);
  }, []);
  const Icon = icons[theme];
  return (
    <Menu
      trigger={
        <IconButton label={`Colours: ${words[theme]}`}>
          <Icon size={20} strokeWidth={1.75} />
        </IconButton>
      }
      items={(['usual', 'system', 'dark', 'light'] as const).map((one) => ({
        label: words[one],
        checked: one === theme,
        onSelect: () => {
          setTheme(one);
          applyTheme(one);
        },
      }))}
    />
  );
}
