'use client';
/** Find and do anything: devices, deployments, places and actions behind one field. */
import { Dialog as Base } from '@base-ui/react/dialog';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { displayName } from '#contracts/device-words.ts';
import { HEALTH_WORDS } from '#contracts/health.ts';
import { useMay } from '../live/use-me.ts';
import { useDeploymentNames, useLive } from '../live/use-wall.ts';
import { classNames } from '../ui/class-names.ts';
import { request } from '../ui/requests.ts';
import { applyTheme } from '../ui/theme-switch.tsx';
import { bestMatches, type Command } from './best-matches.ts';

interface CommandPaletteProps {
  search: string;
  onSearch: (search: string) => void;
  onClose: () => void;
}

export function CommandPalette({ search, onSearch, onClose }: CommandPaletteProps) {
  const [active, setActive] = useState(0);
  const id = useId();
  const commands = useCommands();
  const found = bestMatches(commands, search);
  const chosen = found[Math.min(active, found.length - 1)];

  function run(command: Command | undefined) {
    if (!command) return;
    onClose();
    command.run();
  }

  function keys(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step) {
      event.preventDefault();
      setActive((at) => (Math.min(at, found.length - 1) + step + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(chosen);
    }
  }

  return (
    <Base.Root open onOpenChange={(open) => open || onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-backdrop" />
        <Base.Popup
          aria-label="Find and do anything"
          className="fixed top-[12dvh] left-1/2 z-50 flex max-h-[70dvh] w-[calc(100vw-2rem)] max-w-[38rem] -translate-x-1/2 flex-col overflow-hidden rounded-tile border border-line-strong bg-surface outline-none"
        >
          <input
            type="text"
            role="combobox"
            aria-label="Find and do anything"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
            autoComplete="off"
            spellCheck={false}
            placeholder="A device, a deployment, or what to do"
            value={search}
            onChange={(event) => {
              onSearch(event.target.value);
              setActive(0);
            }}
            onKeyDown={keys}
            className="min-h-13 border-b border-line bg-transparent px-5 text-17 outline-none placeholder:text-muted"
          />
          <div id={`${id}-list`} role="listbox" aria-label="Found" className="min-h-0 overflow-y-auto p-1.5">
            {found.map((command) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are pressed in the field, which points here with aria-activedescendant
              <div
                key={command.id}
                id={`${id}-${command.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={command === chosen}
                ref={command === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
                onClick={() => run(command)}
                className={classNames(
                  'flex min-h-10 cursor-pointer items-center gap-3 rounded-plate px-3.5',
                  command === chosen && 'bg-raised',
                )}
              >
                <span className="min-w-0 flex-1 truncate">{command.label}</span>
                <span className="shrink-0 text-13 text-muted">{command.hint}</span>
              </div>
            ))}
            {found.length === 0 ? <p className="px-3.5 py-3 text-muted">Nothing called “{search}”.</p> : null}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function useCommands(): Command[] {
  const router = useRouter();
  const { store } = useLive();
  const deployments = useDeploymentNames();
  const mayManage = useMay('manage');
  const mayDeploy = useMay('deploy');
  return useMemo(() => {
    const go = (path: string) => () => router.push(path);
    return [
      ...(mayManage ? [{ id: 'add', label: 'Add a device', hint: 'a', run: () => request('add-device') }] : []),
      ...(mayDeploy ? [{ id: 'new', label: 'New deployment', hint: 'n', run: go('/deployments/new') }] : []),
      ...store.devices.map(({ name }) => ({
        id: `device-${name}`,
        label: displayName(name),
        hint: HEALTH_WORDS[store.device(name)?.health ?? 'not-seen'],
        run: go(`/d/${name}`),
      })),
      ...deployments.map((name) => ({
        id: `deployment-${name}`,
        label: name,
        hint: 'deployment',
        run: go(`/deployments/${name}`),
      })),
      { id: 'wall', label: 'Go to the wall', hint: 'g w', run: go('/') },
      { id: 'deployments', label: 'Go to Deployments', hint: 'g d', run: go('/deployments') },
      { id: 'recordings', label: 'Go to Recordings', hint: '', run: go('/recordings') },
      { id: 'people', label: 'People', hint: '', run: go('/people') },
      { id: 'audit', label: 'Audit', hint: '', run: go('/audit') },
      { id: 'keys', label: 'Keys', hint: '?', run: () => request('keys') },
      { id: 'dark', label: 'Dark colours', hint: '', run: () => applyTheme('dark') },
      { id: 'light', label: 'Light colours', hint: '', run: () => applyTheme('light') },
    ];
  }, [router, store, deployments, mayManage, mayDeploy]);
}
