'use client';
/** On which devices this person may change the agent, for what is offered: a grant may reach only devices with some labels. */
import { rightsOn } from '#contracts/access.ts';
import { useMe } from '../live/use-me.ts';
import { useDevices } from '../live/use-wall.ts';

export function useManages(): (device: string) => boolean {
  const { grants = [] } = useMe() ?? {};
  const labels = new Map(useDevices().map((device) => [device.name, device.labels]));
  return (device) => {
    const own = labels.get(device);
    return own !== undefined && rightsOn(grants, own).includes('manage');
  };
}
