/** `scorewall status`: the wall as lines, once or again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WallSnapshot } from '#contracts/api.ts';
import { displayName } from '#contracts/device.ts';
import { countServices, FRESHNESS_WORDS, freshnessOf, HEALTH_WORDS, type Health, healthOf } from '#contracts/health.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { ageOf } from '../output/duration.ts';
import { oneLine } from '../output/printable.ts';
import { toTable } from '../output/table.ts';
import type { Paint } from '../output/terminal.ts';
import { paintHealth, sightingOf } from '../output/words.ts';

const REFRESH_MS = 1000;
const SHOWN_EVENTS = 5;

export async function status({ hub, terminal }: Context, watch: boolean): Promise<void> {
  if (!watch) return terminal.out(renderWall(await hub.wall(), terminal.paint));
  for (;;) {
    const text = await hub.wall().then(
      (wall) => renderWall(wall, terminal.paint),
      (error) => {
        // A hub that starts again is what one watches for; a token that is refused never gets better.
        if (error instanceof CliError && error.exitCode === EXIT.unreachable) return `${error.message}\n${error.detail}`;
        throw error;
      },
    );
    if (terminal.interactive) terminal.clear();
    terminal.out(text);
    await sleep(REFRESH_MS);
  }
}

const STANDING_WORDS = { contested: 'Its identity check failed.', 'kept-out': 'It is kept out.' } as const;

export function renderWall(wall: WallSnapshot, paint: Paint): string {
  // Ages by the hub's clock: this machine's may be off.
  const now = Date.parse(wall.takenAt);
  const rows = wall.devices
    .map(({ device }) => {
      const status = wall.statuses.find((one) => one.value.device === device.name);
      const presence = wall.presence.find((one) => one.device === device.name);
      const sighting = sightingOf({ device, status, presence }, wall.presenceKnown);
      return { device, status, health: healthOf(sighting, now), freshness: freshnessOf(sighting, now) };
    })
    .sort((a, b) => a.device.seat - b.device.seat);
  const table = toTable(
    ['DEVICE', 'HEALTH', 'SEEN', 'SERVICES', 'CPU', 'MEMORY', 'TROUBLE'],
    rows.map(({ device, status, health, freshness }) => {
      const { running, total } = countServices(status?.value);
      const host = status?.value.host;
      return [
        displayName(device.name),
        paintHealth(health, paint),
        freshness === 'not-seen'
          ? '-'
          : freshness === 'live'
            ? FRESHNESS_WORDS.live
            : `${FRESHNESS_WORDS[freshness]}, ${ageOf(status?.receivedAt, now)} ago`,
        status ? `${running} of ${total}` : '-',
        host ? `${Math.round(host.cpuPercent)} %` : '-',
        host ? `${Math.round((100 * host.memoryUsedBytes) / Math.max(1, host.memoryTotalBytes))} %` : '-',
        device.standing ? STANDING_WORDS[device.standing] : firstTrouble(status),
      ];
    }),
  );
  const events = wall.events
    .slice(-SHOWN_EVENTS)
    .map((event) => `${ageOf(event.at, now).padStart(6)} ago   ${displayName(event.device)}: ${oneLine(event.message)}`);
  return [
    `${paint('bold', wall.wallName)}  ${summary(rows.map((one) => one.health))}`,
    '',
    rows.length > 0 ? table : 'No device yet. Add one with: npx scorewall device add NAME',
    ...(events.length > 0 ? ['', ...events] : []),
  ].join('\n');
}

function summary(all: readonly Health[]): string {
  const counts = countBy(all);
  return `${all.length} ${all.length === 1 ? 'device' : 'devices'}${[...counts].map(([health, count]) => `, ${count} ${HEALTH_WORDS[health].toLowerCase()}`).join('')}`;
}

function countBy(all: readonly Health[]): Map<Health, number> {
  const counts = new Map<Health, number>();
  for (const health of all) counts.set(health, (counts.get(health) ?? 0) + 1);
  return counts;
}

function firstTrouble(status: WallSnapshot['statuses'][number] | undefined): string {
  const { agent, engine, deployments } = status?.value ?? {};
  const ofServices = deployments?.flatMap((one) => [one.error, ...one.services.map((service) => service.error)]).find(Boolean);
  return (agent?.error ?? engine?.error ?? ofServices)?.message ?? '';
}
