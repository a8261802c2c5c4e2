'use client';
/** Whose wall this is, and the others: switch, make, rename, delete, share; what it shows; sounds and TV. */
import { ChevronDown } from 'lucide-react';
import { MAIN_WALL } from '#contracts/wall-defaults.ts';
import { setGlances, useGlancesOn } from '../live/glances-setting.ts';
import { buttonClass } from '../ui/button.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { toastStore } from '../ui/toast-store.ts';
import { setMuted, setSounds, useMuted, useSounds } from './sounds.ts';
import type { WallSettings } from './use-wall-settings.ts';

export type WallQuestion = 'new' | 'rename' | 'delete';

export interface WallMenuProps {
  settings: WallSettings;
  find: string;
  /** The address of this wall's TV view. */
  tvPath: string;
  ask: (question: WallQuestion) => void;
}

export const pathOf = (name: string): string => (name === MAIN_WALL ? '/' : `/w/${name}`);

export function WallMenu({ settings, find, tvPath, ask }: WallMenuProps) {
  const sounds = useSounds();
  const muted = useMuted();
  const glances = useGlancesOn();
  const { wall, entries, shared, own } = settings;
  const items: (MenuItem | 'separator')[] = [
    ...entries.map(({ wall: { name, title } }, index) => ({
      label: title,
      checked: name === wall.name,
      href: pathOf(name),
      ...(index < 9 ? { hint: `w ${index + 1}` } : {}),
    })),
    'separator',
    ...(find ? [{ label: `Show only “${find}” on this wall`, onSelect: () => settings.change({ filter: find }) }] : []),
    ...(wall.filter ? [{ label: 'Show every device again', onSelect: () => settings.change({ filter: '' }) }] : []),
    ...(own && shared === false ? [{ label: 'Back to how it is saved', onSelect: settings.forget }] : []),
    ...(shared
      ? [
          { label: 'Save as a new wall …', onSelect: () => ask('new') },
          { label: 'Rename this wall …', onSelect: () => ask('rename') },
        ]
      : []),
    { label: 'Copy its address', onSelect: () => void copyAddress(wall.name) },
    ...(shared && wall.name !== MAIN_WALL ? [{ label: 'Delete this wall …', danger: true, onSelect: () => ask('delete') }] : []),
    'separator',
    { label: 'TV mode', hint: 'k', href: tvPath },
    { label: 'Glances when devices call each other', checked: glances, onSelect: () => setGlances(!glances) },
    { label: 'Sounds for what needs a person', checked: sounds, onSelect: () => setSounds(!sounds) },
    { label: 'Mute sounds and announcements', hint: 'm', checked: muted, onSelect: () => setMuted(!muted) },
  ];
  return (
    <Menu
      align="start"
      items={items}
      trigger={
        <button type="button" className={buttonClass('quiet', 'min-w-0 shrink px-2 text-17 text-text max-md:hidden')}>
          <span className="sr-only">Wall: </span>
          <span className="truncate">{wall.title}</span>
          {own && !shared ? <span className="text-13 font-normal text-muted">changed here only</span> : null}
          <ChevronDown size={18} strokeWidth={1.75} aria-hidden />
        </button>
      }
    />
  );
}

async function copyAddress(name: string): Promise<void> {
  const address = new URL(pathOf(name), window.location.origin).href;
  try {
    await navigator.clipboard.writeText(address);
    toastStore.add({ title: 'The address of this wall is copied.', text: 'Whoever may sign in here sees it.' });
  } catch {
    toastStore.add({ title: 'Your browser blocks copying here.', text: address });
  }
}
