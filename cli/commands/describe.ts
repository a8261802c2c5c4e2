/** `scorewall describe device|deployment NAME`: everything known of one thing, for a person. */
import type { DeploymentOnDevice } from '#contracts/api.ts';
import { healthOfDeployment, healthOfService } from '#contracts/health.ts';
import type { DeviceDeploymentStatus, HostFacts } from '#contracts/status.ts';
import type { Context } from '../context.ts';
import { deploymentHealth } from '../output/deployment-health.ts';
import { ageOf, formatAge, formatBytes } from '../output/duration.ts';
import { oneLine } from '../output/printable.ts';
import { toFields, toTable } from '../output/table.ts';
import type { Paint } from '../output/terminal.ts';
import { deviceHealth, freshnessWord, paintHealth } from '../output/words.ts';
import { reasonOf } from '../wait-for-deployment.ts';
import { labelText } from './get.ts';

const SHOWN_EVENTS = 10;
const SHOWN_REVISIONS = 5;

export async function describeDevice({ hub, terminal }: Context, name: string): Promise<void> {
  const detail = await hub.device(name);
  const events = await hub.deviceEvents(name);
  const { paint } = terminal;
  const now = Date.now();
  const report = detail.status?.value;
  terminal.out(
    toFields([
      ['Device', paint('bold', name)],
      ['Health', `${paintHealth(deviceHealth(detail, now), paint)}, ${freshnessWord(detail, now)}`],
      ['Last report', detail.status ? `${ageOf(detail.status.receivedAt, now)} ago` : 'none yet'],
      ['Labels', labelText(detail.device.labels)],
      ['Added', `${ageOf(detail.device.createdAt, now)} ago by ${detail.device.createdBy}`],
      ['Identity', detail.device.publicKey || 'shared credentials, for a lab'],
      ...(report ? hostFields(report.host) : []),
      ...(report
        ? ([
            [
              'Engine',
              report.engine.reachable
                ? `${report.engine.kind} ${report.engine.version}`
                : (report.engine.error?.message ?? 'not reachable'),
            ],
          ] as const)
        : []),
      ...(report ? ([['Agent', `${report.agent.version}, up ${ageOf(report.agent.startedAt, now)}`]] as const) : []),
      ...(report?.agent.error ? ([['Trouble', report.agent.error.message]] as const) : []),
    ]),
  );
  terminal.out(`\n${paint('bold', 'Services')}`);
  terminal.out(report && report.deployments.length > 0 ? serviceTable(report.deployments, paint, now) : 'None runs here.');
  const waiting = detail.deployments.filter((one) => !report?.deployments.some((known) => known.name === one));
  if (waiting.length > 0) terminal.out(`Not taken up yet: ${waiting.join(', ')}`);
  if (events.length > 0) {
    terminal.out(`\n${paint('bold', 'Events')}`);
    for (const event of events.slice(-SHOWN_EVENTS))
      terminal.out(`${ageOf(event.at, now).padStart(6)} ago   ${oneLine(event.message)}`);
  }
}

export async function describeDeployment({ hub, terminal }: Context, name: string): Promise<void> {
  const { deployment, status, revision } = await hub.deployment(name);
  const devices = await hub.deploymentDevices(name);
  const revisions = await hub.revisions(name);
  const { paint } = terminal;
  const now = Date.now();
  const { metadata, spec } = deployment;
  terminal.out(
    toFields([
      ['Deployment', paint('bold', name)],
      ['State', paintHealth(deploymentHealth(deployment, status), paint)],
      ['Revision', `#${metadata.generation ?? 1}, ${ageOf(metadata.creationTimestamp, now)} old (resourceVersion ${revision})`],
      ['Targets', spec.targetDevices ? spec.targetDevices.join(', ') : `devices with ${labelText(spec.targetSelector ?? {})}`],
      ...(metadata.namespace ? ([['Namespace', metadata.namespace]] as const) : []),
      ...(status?.conditions ?? []).map((one) => [one.type, `${one.status}. ${one.message}`] as const),
    ]),
  );
  terminal.out(`\n${paint('bold', 'Asked for')}`);
  terminal.out(
    toTable(
      ['SERVICE', 'IMAGE', 'PORTS'],
      spec.score.data.services.map((one) => [one.name, one.image, (one.ports ?? []).join(' ') || '-']),
    ),
  );
  terminal.out(`\n${paint('bold', 'Devices')}`);
  terminal.out(devices.length > 0 ? deviceStateTable(devices, paint) : 'No device matches.');
  terminal.out(`\n${paint('bold', 'Revisions')}`);
  const newest = [...revisions].sort((a, b) => b.revision - a.revision).slice(0, SHOWN_REVISIONS);
  terminal.out(
    toTable(
      ['REVISION', 'AGE', 'BY', 'WHY'],
      newest.map((one) => [
        `#${one.generation}`,
        ageOf(one.createdAt, now),
        one.author || '-',
        one.deleted ? 'deleted' : one.message || '-',
      ]),
    ),
  );
}

function hostFields(host: HostFacts): (readonly [string, string])[] {
  const temperature = host.temperatureCelsius === null ? '' : `, ${Math.round(host.temperatureCelsius)} °C`;
  return [
    ['Machine', [host.model, host.os, host.arch].filter(Boolean).join(', ')],
    [
      'Load',
      `CPU ${Math.round(host.cpuPercent)} % of ${host.cpuCount} cores${temperature}${host.throttled ? ', throttled' : ''}`,
    ],
    ['Memory', `${formatBytes(host.memoryUsedBytes)} of ${formatBytes(host.memoryTotalBytes)}`],
    ['Disk', `${formatBytes(host.diskUsedBytes)} of ${formatBytes(host.diskTotalBytes)}`],
    ['Up', formatAge(host.uptimeSeconds * 1000)],
  ];
}

function serviceTable(deployments: readonly DeviceDeploymentStatus[], paint: Paint, nowMs: number): string {
  const rows = deployments.flatMap((deployment) => [
    ...deployment.services.map((one) => [
      deployment.name,
      one.name,
      paintHealth(healthOfService(one), paint),
      one.image,
      one.ports.join(' ') || '-',
      String(one.restarts),
      ageOf(one.since, nowMs),
      one.error?.message ?? '',
    ]),
    ...(deployment.error
      ? [[deployment.name, '-', paintHealth(healthOfDeployment(deployment), paint), '-', '-', '-', '-', deployment.error.message]]
      : []),
  ]);
  return toTable(['DEPLOYMENT', 'SERVICE', 'STATE', 'IMAGE', 'PORTS', 'RESTARTS', 'SINCE', 'TROUBLE'], rows);
}

const HEALTH_OF_STATE = {
  running: 'running',
  updating: 'updating',
  attention: 'attention',
  failed: 'failed',
  offline: 'offline',
} as const;

function deviceStateTable(devices: readonly DeploymentOnDevice[], paint: Paint): string {
  return toTable(
    ['DEVICE', 'STATE', 'NOTE'],
    devices.map((one) => [
      one.device,
      paintHealth(HEALTH_OF_STATE[one.state], paint),
      one.state === 'running' ? '' : reasonOf(one),
    ]),
  );
}
