/** Looks at each device as the wall sees it, and says what to do where something is wrong. Pure. */
import type { WallSnapshot } from '#contracts/api.ts';
import { displayName } from '#contracts/device.ts';
import { freshnessOf } from '#contracts/health.ts';
import type { DeviceStatus, Trouble } from '#contracts/status.ts';
import { ageOf } from '../output/duration.ts';
import { sightingOf } from '../output/words.ts';
import { type Finding, ok, trouble, warning } from './finding.ts';

const CLOCK_TOLERANCE_MS = 60_000;

export function examineDevices(wall: WallSnapshot): Finding[] {
  const now = Date.parse(wall.takenAt);
  return wall.devices.flatMap(({ device }) => {
    const status = wall.statuses.find((one) => one.value.device === device.name);
    const presence = wall.presence.find((one) => one.device === device.name);
    const name = displayName(device.name);
    const freshness = freshnessOf(sightingOf({ status, presence }, wall.presenceKnown), now);
    const age = ageOf(status?.receivedAt, now);
    if (freshness === 'not-seen')
      return [
        warning(
          name,
          'was never here',
          'Carry its two files (.toml and .creds) to it and start there: npx scorewall-agent --config FILE.toml',
        ),
      ];
    if (freshness === 'offline')
      return [
        trouble(
          name,
          `offline, last report ${age} ago`,
          `Its services keep running as far as we know. Check power and network, then on it: systemctl status scorewall-agent`,
        ),
      ];
    const findings = [...troublesOf(name, status!.value), ...clockOf(name, status!)];
    if (freshness === 'late')
      findings.push(
        warning(
          name,
          `late, last report ${age} ago`,
          'A slow link, or the device is busy. It is offline when 90 s pass without a word.',
        ),
      );
    return findings.length > 0
      ? findings
      : [ok(name, `live, last report ${age} ago, ${status!.value.engine.kind} ${status!.value.engine.version}`)];
  });
}

function troublesOf(name: string, { agent, engine, deployments }: DeviceStatus): Finding[] {
  const all: [string, Trouble | undefined][] = [
    [name, agent.error],
    [name, engine.error],
    ...deployments.flatMap((deployment): [string, Trouble | undefined][] => [
      [`${name}, ${deployment.name}`, deployment.error],
      ...deployment.services.map((service): [string, Trouble | undefined] => [
        `${name}, ${deployment.name}/${service.name}`,
        service.error,
      ]),
    ]),
  ];
  return all.flatMap(([subject, found]) => (found ? [trouble(subject, found.code.replaceAll('-', ' '), found.message)] : []));
}

function clockOf(name: string, { value, receivedAt }: WallSnapshot['statuses'][number]): Finding[] {
  const differenceMs = Date.parse(value.reportedAt) - Date.parse(receivedAt);
  if (Math.abs(differenceMs) < CLOCK_TOLERANCE_MS) return [];
  return [
    warning(
      name,
      `its clock is ${Math.round(Math.abs(differenceMs) / 1000)} s ${differenceMs > 0 ? 'ahead' : 'behind'}`,
      'Times in its events and logs are off. On it: sudo timedatectl set-ntp true',
    ),
  ];
}
