/** `scorewall get devices|deployments`: lists, as a table or for programs. */
import { stringify } from 'yaml';
import type { DeploymentEntry, DeviceDetail } from '#contracts/api.ts';
import { countServices } from '#contracts/health.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { deploymentHealth } from '../output/deployment-health.ts';
import { ageOf } from '../output/duration.ts';
import { toTable } from '../output/table.ts';
import type { Paint } from '../output/terminal.ts';
import { deviceHealth, freshnessWord, paintHealth } from '../output/words.ts';

export const OUTPUTS = ['table', 'wide', 'json', 'yaml'] as const;
export type Output = (typeof OUTPUTS)[number];

export async function getDevices({ hub, terminal }: Context, names: readonly string[], output: Output): Promise<void> {
  const devices = pick(await hub.devices(), names, (one) => one.device.name, 'device');
  if (output === 'json') return terminal.out(JSON.stringify({ items: devices }, null, 2));
  if (output === 'yaml') return terminal.out(stringify({ items: devices }).trimEnd());
  if (devices.length === 0) return terminal.out('No device yet. Add one with: npx scorewall device add NAME');
  terminal.out(deviceTable(devices, terminal.paint, output === 'wide', Date.now()));
}

export async function getDeployments({ hub, terminal }: Context, names: readonly string[], output: Output): Promise<void> {
  const entries = pick(await hub.deployments(), names, (one) => one.deployment.metadata.name, 'deployment');
  if (output === 'json') return terminal.out(JSON.stringify({ items: entries }, null, 2));
  if (output === 'yaml') {
    const manifests = [];
    for (const entry of entries) manifests.push((await hub.manifest(entry.deployment.metadata.name)).trimEnd());
    return terminal.out(manifests.join('\n---\n'));
  }
  if (entries.length === 0) return terminal.out('Nothing deployed yet. Apply a manifest with: npx scorewall apply -f FILE');
  terminal.out(deploymentTable(entries, terminal.paint, output === 'wide', Date.now()));
}

export function deviceTable(devices: readonly DeviceDetail[], paint: Paint, wide: boolean, nowMs: number): string {
  const head = [
    'NAME',
    'HEALTH',
    'SEEN',
    'SERVICES',
    'LABELS',
    'ADDED',
    ...(wide ? ['AGENT', 'ENGINE', 'SYSTEM', 'CPU', 'ADDRESS'] : []),
  ];
  return toTable(
    head,
    devices.map((one) => {
      const report = one.status?.value;
      const { running, total } = countServices(report);
      const row = [
        one.device.name,
        paintHealth(deviceHealth(one, nowMs), paint),
        freshnessWord(one, nowMs),
        report ? `${running} of ${total}` : '-',
        labelText(one.device.labels),
        ageOf(one.device.createdAt, nowMs),
      ];
      if (!wide) return row;
      const engine = report ? `${report.engine.kind} ${report.engine.version}`.trim() : '-';
      const cpu = report ? `${Math.round(report.host.cpuPercent)} %` : '-';
      return [
        ...row,
        report?.agent.version ?? '-',
        engine,
        report ? `${report.host.os}, ${report.host.arch}` : '-',
        cpu,
        one.presence?.address ?? '-',
      ];
    }),
  );
}

export function deploymentTable(entries: readonly DeploymentEntry[], paint: Paint, wide: boolean, nowMs: number): string {
  const head = ['NAME', 'REVISION', 'STATE', 'RUNNING', 'CHANGED', ...(wide ? ['TARGETS', 'IMAGES'] : [])];
  return toTable(
    head,
    entries.map(({ deployment, status }) => {
      const { metadata, spec } = deployment;
      const row = [
        metadata.name,
        `#${metadata.generation ?? 1}`,
        paintHealth(deploymentHealth(deployment, status), paint),
        status ? `${status.aggregate.running} of ${status.aggregate.targets}` : '-',
        ageOf(metadata.creationTimestamp, nowMs),
      ];
      if (!wide) return row;
      const targets = spec.targetDevices?.join(',') ?? labelText(spec.targetSelector ?? {});
      const images = new Set(spec.score.data.services.map((one) => one.image));
      return [...row, targets, [...images].join(',')];
    }),
  );
}

export const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '-';

function pick<T>(all: readonly T[], names: readonly string[], nameOf: (one: T) => string, kind: string): T[] {
  const missing = names.find((name) => !all.some((one) => nameOf(one) === name));
  if (missing !== undefined)
    throw new CliError(EXIT.notFound, `There is no ${kind} called ${missing}.`, `See what there is: npx scorewall get ${kind}s`);
  return names.length === 0 ? [...all] : all.filter((one) => names.includes(nameOf(one)));
}
