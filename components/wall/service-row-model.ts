/** Which services a tile shows when not all fit: all in their order, else the troubled ones first, and how many more there are. Pure. */
import { type Health, healthOfService } from '#contracts/health.ts';
import type { DeviceStatus, ServiceStatus } from '#contracts/status.ts';

export interface ServiceRow {
  key: string;
  deployment: string;
  service: ServiceStatus;
  health: Health;
  /** What stands under it, in a row of its own. */
  second: 'pull' | 'error' | undefined;
}

export interface ServiceRowsModel {
  rows: readonly ServiceRow[];
  hidden: number;
  heightInRows: number;
  /** Troubles of whole deployments: refused, not understood. */
  refusals: readonly { key: string; message: string }[];
  /** How many lines of a trouble's sentence there is room for. */
  errorLines: number;
  /** The sentences that stand there, so that nothing else needs to repeat them. */
  errors: ReadonlySet<string>;
  empty: boolean;
}

const MOST_ERROR_LINES = 3;
const URGENCY: Partial<Record<Health, number>> = { failed: 0, attention: 1, updating: 2 };

export function rowsOf(status: DeviceStatus | undefined, most: number): ServiceRowsModel {
  const deployments = status?.deployments ?? [];
  const refusals = deployments.flatMap(({ name, error }) => (error ? [{ key: name, message: error.message }] : []));
  const all = deployments.flatMap(({ name, services }) =>
    services.map((service): ServiceRow => {
      return {
        key: `${name}/${service.name}`,
        deployment: name,
        service,
        health: healthOfService(service),
        second: secondOf(service),
      };
    }),
  );
  const empty = all.length === 0 && refusals.length === 0;
  const room = most - refusals.length;
  const fits = heightOf(all) <= room;
  const rows = fits ? all : urgentRows(all, room);
  const sentences = [
    ...refusals.map(({ message }) => message),
    ...rows.flatMap(({ second, service }) => (second === 'error' && service.error ? [service.error.message] : [])),
  ];
  const height = heightOf(rows) + (fits ? 0 : 1);
  const spareLines = sentences.length > 0 ? Math.floor((room - height) / sentences.length) : 0;
  const errorLines = Math.min(MOST_ERROR_LINES, 1 + Math.max(0, spareLines));
  return {
    rows,
    hidden: all.length - rows.length,
    refusals,
    empty,
    errorLines,
    errors: new Set(sentences),
    heightInRows: height + refusals.length + sentences.length * (errorLines - 1),
  };
}

/** Why it did not come is worth more than that it is tried again, until data moves. */
function secondOf({ state, error, pull }: ServiceStatus): ServiceRow['second'] {
  if (state === 'pulling' && (!error || (pull?.bytesDone ?? 0) > 0)) return 'pull';
  return error ? 'error' : undefined;
}

const heightOf = (rows: readonly ServiceRow[]) => rows.reduce((sum, row) => sum + (row.second ? 2 : 1), 0);

/** The worst that fit above the line that counts the others. */
function urgentRows(all: readonly ServiceRow[], room: number): ServiceRow[] {
  const urgent = [...all].sort((a, b) => (URGENCY[a.health] ?? 3) - (URGENCY[b.health] ?? 3));
  const rows: ServiceRow[] = [];
  let height = 1;
  for (const row of urgent) {
    const second = height + 2 <= room ? row.second : undefined;
    if (height + (second ? 2 : 1) > room) break;
    rows.push({ ...row, second });
    height += second ? 2 : 1;
  }
  return rows;
}
