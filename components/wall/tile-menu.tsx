'use client';
/** The menu of a tile (key `.`): what it shows, how large it is, where it stands. Everything a drag or a key does is here too. */
import { Ellipsis } from 'lucide-react';
import { displayName } from '#contracts/device-words.ts';
import { faceToken } from '#contracts/face-token.ts';
import type { Face } from '#contracts/peek.ts';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import type { FaceChoice } from './faces.ts';
import type { Density } from './grid.ts';
import { type TileMarks, useWallDesk } from './wall-desk.tsx';

interface TileMenuProps {
  name: string;
  choices: readonly FaceChoice[];
  face: Face;
  marks: TileMarks;
  small: boolean;
}

const SIZES: readonly { density: Density | undefined; label: string; hint: string }[] = [
  { density: 'S', label: 'Small', hint: 'Alt+1' },
  { density: 'M', label: 'Medium', hint: 'Alt+2' },
  { density: 'L', label: 'Large', hint: 'Alt+3' },
  { density: undefined, label: 'As large as the others', hint: 'Alt+0' },
];

/** In a corner of its own, so that the name has the row; where nothing hovers it stands in the row, and is seen. */
const SMALL =
  'absolute right-0.5 bottom-0.5 size-6 bg-surface opacity-0 group-hover/tile:opacity-100 focus:opacity-100 data-popup-open:opacity-100 touch:relative touch:right-0 touch:bottom-0 touch:-mr-2 touch:size-7 touch:opacity-100';

export function TileMenu({ name, choices, face, marks, small }: TileMenuProps) {
  const desk = useWallDesk();
  const shown = faceToken(face);
  const items: (MenuItem | 'separator')[] = [
    { label: 'Open', hint: 'Enter', onSelect: () => desk.open(name) },
    'separator',
    ...choices.map(({ face: choice, label }) => ({
      label,
      checked: faceToken(choice) === shown,
      onSelect: () => desk.setFace(name, choice),
    })),
    'separator',
    ...SIZES.map(({ density, label, hint }) => ({
      label,
      hint,
      checked: marks.ownDensity === density,
      onSelect: () => desk.setTileDensity(name, density),
    })),
    'separator',
    { label: marks.pinned ? 'Unpin' : 'Pin first', hint: 'p', onSelect: () => desk.pin(name) },
    { label: 'Move to …', hint: 'Shift+arrows', onSelect: () => desk.askMove(name) },
    { label: marks.selected ? 'Unselect' : 'Select', hint: 'x', onSelect: () => desk.select(name) },
    {
      label: marks.frozenAtMs === undefined ? 'Freeze the picture' : 'Let the picture go on',
      hint: 'Space',
      disabled: face.kind === 'services',
      onSelect: () => desk.freeze(name),
    },
    'separator',
    { label: 'Device page', href: `/d/${name}` },
  ];
  return (
    <Menu
      items={items}
      trigger={
        <button
          type="button"
          tabIndex={-1}
          data-menu={name}
          aria-label={`More for ${displayName(name)}`}
          title="More (.)"
          className={`pointer-events-auto z-10 inline-flex shrink-0 items-center justify-center rounded-plate text-muted hover:bg-raised hover:text-text ${small ? SMALL : 'relative -mr-2 size-7'}`}
        >
          <Ellipsis size={small ? 16 : 18} strokeWidth={1.75} aria-hidden />
        </button>
      }
    />
  );
}
