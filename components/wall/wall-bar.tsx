'use client';
import { LayoutGrid, Plus, X } from 'lucide-react';
import { useMay } from '../live/use-me.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Menu } from '../ui/menu.tsx';
import { request } from '../ui/requests.ts';
import { CountsBar } from './counts-bar.tsx';
import type { Density, Layout } from './grid.ts';
import { HubChip } from './hub-chip.tsx';
import { toggleFullScreen } from './toggle-full-screen.ts';
import { WallMenu, type WallMenuProps } from './wall-menu.tsx';

interface WallBarProps extends WallMenuProps {
  /** The title plate has no seat of its own here. */
  folded: boolean;
  /** Labels of the devices, to group by. */
  labels: readonly string[];
  setDensity: (density: Density | 'auto') => void;
  setLayout: (layout: Layout) => void;
  setGroup: (label: string | null) => void;
  find: string;
  setFind: (find: string) => void;
}

const DENSITIES = [
  { density: 'auto', label: 'Auto', key: '0' },
  { density: 'S', label: 'S', key: '1' },
  { density: 'M', label: 'M', key: '2' },
  { density: 'L', label: 'L', key: '3' },
] as const;

/** The wall's own tools in the top bar. */
export function WallBar(props: WallBarProps) {
  const { settings, folded, labels, setDensity, setLayout, setGroup, find, setFind } = props;
  const { wall } = settings;
  const mayManage = useMay('manage');
  return (
    <>
      <WallMenu {...props} />
      {wall.filter ? (
        <span className="inline-flex min-w-0 items-center gap-1 rounded-ctl border border-line-strong pl-2.5 text-13 max-md:hidden">
          <span className="truncate">only {wall.filter}</span>
          <IconButton label="Show every device on this wall" className="size-8" onClick={() => settings.change({ filter: '' })}>
            <X size={16} strokeWidth={1.75} />
          </IconButton>
        </span>
      ) : null}
      <CountsBar />
      <div className="flex-1" />
      <input
        type="search"
        id="wall-filter"
        aria-label="Find devices by name or label"
        placeholder="/ Find a device"
        value={find}
        onChange={(event) => setFind(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          setFind('');
          event.currentTarget.blur();
        }}
        className="control w-44 min-w-24 shrink max-lg:hidden"
      />
      <fieldset
        aria-label="Size of the tiles"
        className="flex items-center rounded-ctl border border-line-strong p-0.5 max-[1440px]:hidden"
      >
        {DENSITIES.map(({ density, label, key }) => (
          <button
            key={density}
            type="button"
            aria-pressed={wall.density === density}
            title={`Key ${key}`}
            onClick={() => setDensity(density)}
            className={classNames(
              'min-h-8 min-w-8 rounded-[6px] px-2 text-13 font-semibold',
              wall.density === density ? 'bg-raised text-text' : 'text-muted hover:text-text',
            )}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <div className="max-sm:hidden">
        <Menu
          trigger={
            <IconButton label="Layout">
              <LayoutGrid size={20} strokeWidth={1.75} />
            </IconButton>
          }
          items={[
            { label: 'Nine seats', checked: wall.layout === 'nine', onSelect: () => setLayout('nine') },
            { label: 'Use all the space', checked: wall.layout === 'fill', onSelect: () => setLayout('fill') },
            'separator',
            ...DENSITIES.map(({ density, label, key }) => ({
              label: density === 'auto' ? 'Size by the space' : `Size ${label}`,
              hint: key,
              checked: wall.density === density,
              onSelect: () => setDensity(density),
            })),
            'separator',
            { label: 'No groups', checked: wall.group === null, onSelect: () => setGroup(null) },
            ...labels.map((label) => ({
              label: `Group by ${label}`,
              checked: wall.group === label,
              onSelect: () => setGroup(label),
            })),
            'separator',
            { label: 'Tidy: back to the seats', hint: '=', onSelect: () => settings.change({ order: [], pinned: [] }) },
            { label: 'Undo', hint: 'Mod+Z', onSelect: settings.undo },
            { label: 'Redo', hint: 'Mod+Shift+Z', onSelect: settings.redo },
            { label: 'Full screen', hint: 'f', onSelect: toggleFullScreen },
          ]}
        />
      </div>
      {folded && mayManage ? (
        <Button look="primary" onClick={() => request('add-device')} className="max-sm:hidden">
          <Plus size={18} strokeWidth={2} aria-hidden />
          Add a device
        </Button>
      ) : null}
      <HubChip />
    </>
  );
}
