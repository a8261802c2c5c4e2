'use client';
/** Which view of a device is open, and of which service: in the address of the page, so that it can be sent to somebody. */
import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';
import { isName } from '#contracts/name.ts';

export const TABS = ['screen', 'terminal', 'logs', 'services', 'history', 'identity'] as const;
type Tab = (typeof TABS)[number];

export interface DevicePlace {
  tab: Tab;
  deployment?: string | undefined;
  service?: string | undefined;
}

export function useDevicePlace(device: string): [DevicePlace, (place: DevicePlace) => void] {
  const asked = useSearchParams();
  const name = (key: string) => {
    const value = asked.get(key);
    return value && isName(value) ? value : undefined;
  };
  const place: DevicePlace = {
    tab: TABS.find((one) => one === asked.get('tab')) ?? 'services',
    deployment: name('deployment'),
    service: name('service'),
  };
  const setPlace = useCallback(
    ({ tab, deployment, service }: DevicePlace) => {
      const next = new URLSearchParams({ tab, ...(deployment ? { deployment } : {}), ...(service ? { service } : {}) });
      window.history.replaceState(null, '', `/d/${device}?${next}`);
    },
    [device],
  );
  return [place, setPlace];
}
