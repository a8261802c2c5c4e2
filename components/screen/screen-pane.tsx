'use client';
/** The desktops of a device: the chosen one, or its terminal where it has none. */
import Link from 'next/link';
import { useState } from 'react';
import { displayName } from '#contracts/device.ts';
import { type PaneProps, usePanes } from '../live/panes.tsx';
import { useDeployments } from '../live/use-deployments.ts';
import { useDevice } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { GiveScreen } from './give-screen.tsx';
import { ScreenView } from './screen-view.tsx';
import { screensOf } from './screens.ts';

export function ScreenPane(props: PaneProps) {
  const { device, deployment, service } = props;
  const view = useDevice(device);
  const entries = useDeployments();
  const { terminal: Terminal } = usePanes();
  const [chosen, setChosen] = useState(deployment && service ? `${deployment}/${service}` : '');
  const [help, setHelp] = useState(false);
  const screens = screensOf(
    view?.status.value,
    (name) => entries.find((one) => one.deployment.metadata.name === name)?.deployment,
  );
  const screen = screens.find((one) => idOf(one) === chosen) ?? screens[0];
  const name = displayName(device);
  return (
    <section
      aria-label={`Screen of ${name}`}
      className="flex h-full min-h-80 flex-col overflow-hidden rounded-ctl border border-line"
    >
      {screen ? null : (
        <p className="flex flex-wrap items-center gap-x-3 border-b border-line bg-raised px-3 py-1.5">
          {name} has no desktop. Showing its terminal instead.
          <Button look="quiet" onClick={() => setHelp(true)}>
            How to give it a screen
          </Button>
        </p>
      )}
      {screens.length > 1 && screen ? (
        <div className="flex items-center gap-2 border-b border-line bg-surface px-3 py-2">
          <Select
            aria-label="Desktop"
            className="w-auto!"
            value={idOf(screen)}
            onChange={(event) => setChosen(event.target.value)}
          >
            {screens.map((one) => (
              <option key={idOf(one)} value={idOf(one)}>
                {one.deployment} / {one.service}
              </option>
            ))}
          </Select>
        </div>
      ) : null}
      {screen ? (
        <ScreenView key={idOf(screen)} device={device} screen={screen} onTyping={props.onTyping} />
      ) : (
        <div className="min-h-0 flex-1">
          <Terminal {...props} />
        </div>
      )}
      <GiveScreen open={help} onOpenChange={setHelp} link={<Link href="/deployments/new">New deployment</Link>} />
    </section>
  );
}

const idOf = ({ deployment, service }: { deployment: string; service: string }) => `${deployment}/${service}`;
