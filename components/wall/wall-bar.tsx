'use client';
import { LayoutGrid, Plus } from 'lucide-react';
import { useDevices, useWallName } from '../live/use-wall.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Menu } from '../ui/menu.tsx';
import { request } from '../ui/requests.ts';
import { CountsBar } from './counts-bar.tsx';
import { DEVICES_OF_NINE } from './grid.ts';
import { HubChip } from './hub-chip.tsx';
import { toggleFullScreen } from './toggle-full-screen.ts';
import type { WallView } from './wall-view.ts';

interface WallBarProps {
  view: WallView;
  setView: (change: Partial<WallView>) => void;
  filter: string;
  setFilter: (filter: string) => void;
}

const DENSITIES = [
  { density: 'auto', label: 'Auto', key: '0' },
  { density: 'S', label: 'S', key: '1' },
  { density: 'M', label: 'M', key: '2' },
  { density: 'L', label: 'L', key: '3' },
] as const;

/** The wall's own tools in the top bar. The title joins them when no seat is left for its plate. */
export function WallBar({ view, setView, filter, setFilter }: WallBarProps) {
  const name = useWallName();
  const folded = useDevices().length > DEVICES_OF_NINE || view.layout === 'fill';
  return (
    <>
      {folded ? <h1 className="min-w-0 truncate text-17 font-semibold max-md:hidden">{name}</h1> : null}
      <CountsBar />
      <div className="flex-1" />
      <input
        type="search"
        id="wall-filter"
        aria-label="Find devices by name or label"
        placeholder="/ Find a device"
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          setFilter('');
          event.currentTarget.blur();
        }}
        className="control w-44 max-lg:hidden"
      />
      <fieldset
        aria-label="Size of the tiles"
        className="flex items-center rounded-ctl border border-line-strong p-0.5 max-xl:hidden"
      >
        {DENSITIES.map(({ density, label, key }) => (
          <button
            key={density}
            type="button"
            aria-pressed={view.density === density}
            title={`Key ${key}`}
            onClick={() => setView({ density })}
            className={classNames(
              'min-h-8 min-w-8 rounded-[6px] px-2 text-13 font-semibold',
              view.density === density ? 'bg-raised text-text' : 'text-muted hover:text-text',
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
            { label: 'Nine seats', checked: view.layout === 'nine', onSelect: () => setView({ layout: 'nine' }) },
            { label: 'Use all the space', checked: view.layout === 'fill', onSelect: () => setView({ layout: 'fill' }) },
            'separator',
            ...DENSITIES.map(({ density, label, key }) => ({
              label: density === 'auto' ? 'Size by the space' : `Size ${label}`,
              hint: key,
              checked: view.density === density,
              onSelect: () => setView({ density }),
            })),
            'separator',
            { label: 'Full screen', hint: 'f', onSelect: toggleFullScreen },
          ]}
        />
      </div>
      {folded ? (
        <Button look="primary" onClick={() => request('add-device')} className="max-sm:hidden">
          <Plus size={18} strokeWidth={2} aria-hidden />
          Add a device
        </Button>
      ) : null}
      <HubChip />
    </>
  );
}
