'use client';
import { MoreHorizontal } from 'lucide-react';
import { type ComponentType, useState } from 'react';
import { displayName } from '#contracts/device.ts';
import { FRESHNESS_WORDS } from '#contracts/health.ts';
import { type PaneProps, usePanes } from '../live/panes.tsx';
import { useMay } from '../live/use-me.ts';
import { useDevice, useLoaded } from '../live/use-wall.ts';
import { ButtonLink, IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Menu } from '../ui/menu.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { Plate } from '../ui/plate.tsx';
import { HealthWord } from '../ui/status-shape.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { CredentialsDialog } from './credentials-dialog.tsx';
import { DeviceEvents } from './device-events.tsx';
import { DeviceNotice } from './device-notice.tsx';
import { DeviceServices } from './device-services.tsx';
import { HostFactList } from './host-fact-list.tsx';
import { LabelsPanel } from './labels-panel.tsx';
import { RemoveDevice } from './remove-device.tsx';
import { type DevicePlace, TABS, useDevicePlace } from './use-device-place.ts';

export function DevicePage({ name }: { name: string }) {
  const view = useDevice(name);
  const loaded = useLoaded();
  const [open, setOpen] = useState<'credentials' | 'remove'>();
  const device = view?.device.value;
  const [place, setPlace] = useDevicePlace(name);
  const panes = usePanes();
  const mayManage = useMay('manage');
  const back = { href: '/', label: 'Wall' };
  if (!device || !view)
    return (
      <PageShell title={displayName(name)} back={back}>
        {loaded ? (
          <EmptyState
            title={`${displayName(name)} is not on the wall.`}
            text="It was removed, or never added under this name."
            actions={
              <ButtonLink look="primary" href="/">
                To the wall
              </ButtonLink>
            }
          />
        ) : (
          <p role="status" className="text-muted">
            Looking for {displayName(name)} …
          </p>
        )}
      </PageShell>
    );
  const { freshness, status } = view;
  return (
    <PageShell
      width="full"
      title={displayName(name)}
      back={back}
      lead={<Plate name={name} seat={device.seat} size="lg" />}
      note={
        <span className="inline-flex flex-wrap items-center gap-x-4">
          <HealthWord health={view.health} />
          {view.health !== 'offline' && (freshness === 'live' || freshness === 'late') ? (
            <span>{FRESHNESS_WORDS[freshness]}</span>
          ) : null}
          {device.local ? <span className="rounded-plate border border-line-strong px-1.5 text-13">LOCAL</span> : null}
          {Object.entries(device.labels).map(([key, value]) => (
            <span key={key}>
              {key}: {value}
            </span>
          ))}
        </span>
      }
      menu={
        mayManage ? (
          <Menu
            trigger={
              <IconButton label={`More for ${displayName(name)}`}>
                <MoreHorizontal size={20} strokeWidth={1.75} />
              </IconButton>
            }
            items={[
              { label: 'New credentials', onSelect: () => setOpen('credentials') },
              'separator',
              { label: 'Remove from the wall', danger: true, onSelect: () => setOpen('remove') },
            ]}
          />
        ) : null
      }
    >
      <div className="flex flex-col gap-4">
        <DeviceNotice view={view} identity={place.tab === 'identity'} />
        <Tabs
          label={`Views of ${displayName(name)}`}
          value={place.tab}
          onChange={(tab) => setPlace({ tab: TABS.find((one) => one === tab) ?? 'services' })}
          panelClassName="pt-4 outline-none"
          tabs={[
            { value: 'screen', label: 'Screen', content: <Pane show={panes.screen} device={name} place={place} /> },
            { value: 'terminal', label: 'Terminal', content: <Pane show={panes.terminal} device={name} place={place} /> },
            { value: 'logs', label: 'Logs', content: <Pane show={panes.logs} device={name} place={place} /> },
            {
              value: 'services',
              label: 'Services',
              content: (
                <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
                  <DeviceServices
                    away={freshness === 'offline' || freshness === 'not-seen'}
                    device={name}
                    status={status.value}
                    address={view.address}
                  />
                  <div className="flex flex-col gap-4">
                    <HostFactList status={status.value} address={view.address} />
                    <panes.agent device={name} />
                    <LabelsPanel device={device} revision={view.device.revision} />
                  </div>
                </div>
              ),
            },
            { value: 'history', label: 'History', content: <DeviceEvents name={name} live={view.events} /> },
            { value: 'identity', label: 'Identity', content: <panes.identity device={name} /> },
          ]}
        />
      </div>
      <CredentialsDialog
        name={name}
        open={open === 'credentials'}
        onOpenChange={(next) => setOpen(next ? 'credentials' : undefined)}
      />
      <RemoveDevice name={name} open={open === 'remove'} onOpenChange={(next) => setOpen(next ? 'remove' : undefined)} />
    </PageShell>
  );
}

function Pane({ show: Show, device, place }: { show: ComponentType<PaneProps>; device: string; place: DevicePlace }) {
  return (
    <div className="h-[calc(100dvh-13rem)] min-h-96 max-sm:min-h-160">
      <Show key={`${place.deployment} ${place.service}`} device={device} deployment={place.deployment} service={place.service} />
    </div>
  );
}
