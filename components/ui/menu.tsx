'use client';
/**
 * Menu: <Menu trigger={<IconButton label="More">…</IconButton>} items={[{ label: 'Remove', onSelect, danger: true }, 'separator', { label: 'Open', href: '/d/alice' }]} />.
 * The trigger must be one element that takes props (Button, IconButton).
 */
import { type ComponentType, cloneElement, type ReactElement, type ReactNode, useState } from 'react';

export interface MenuItem {
  label: string;
  /** Shown dim on the right, for example the key. */
  hint?: ReactNode;
  icon?: ReactNode;
  onSelect?: () => void;
  href?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Draws a tick: the choice that holds now. */
  checked?: boolean;
}

export interface MenuProps {
  trigger: ReactElement<Record<string, unknown>>;
  items: readonly (MenuItem | 'separator')[];
  align?: 'start' | 'end';
}

const load = () => import('./menu-popup.tsx').then((module) => module.MenuPopup);

export function Menu(props: MenuProps) {
  const [Popup, setPopup] = useState<ComponentType<MenuProps>>();
  if (Popup) return <Popup {...props} />;
  return cloneElement(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onClick: () => void load().then((loaded) => setPopup(() => loaded)),
  });
}
