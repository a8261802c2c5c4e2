/** Waits until a deployment runs wherever a device can be reached, and says in words where it does not. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeploymentOnDevice } from '#contracts/api.ts';
import type { Context } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { formatTook } from './output/duration.ts';
import { listNames } from './output/list-names.ts';

const ASK_EVERY_MS = 250;
/** A first failure may be repaired by the next try, for example a port that is just being freed. */
const FAILED_FOR_MS = 5000;

interface Patience {
  startedAt: number;
  timeoutMs: number;
}

export async function waitForDeployment(
  { hub, terminal }: Context,
  name: string,
  { startedAt, timeoutMs }: Patience,
): Promise<void> {
  let failedSince: number | undefined;
  for (;;) {
    const devices = await hub.deploymentDevices(name);
    const verdict = judge(devices);
    const now = performance.now();
    if (verdict === 'running') {
      const offline = devices.filter((one) => one.state === 'offline').map((one) => one.device);
      const later = offline.length > 0 ? `, on ${listNames(offline)} when they are back` : '';
      terminal.out(
        `${terminal.paint('green', '✓')} ${name} runs on ${devices.length - offline.length} of ${devices.length} devices${later}  ${formatTook(now - startedAt)}`,
      );
      return;
    }
    failedSince = verdict === 'failed' ? (failedSince ?? now) : undefined;
    if (failedSince !== undefined && now - failedSince > FAILED_FOR_MS) throw failure(name, 'does not run everywhere', devices);
    if (now - startedAt > timeoutMs) throw failure(name, `was not running after ${Math.round(timeoutMs / 1000)} s`, devices);
    await sleep(ASK_EVERY_MS);
  }
}

export function judge(devices: readonly DeploymentOnDevice[]): 'running' | 'failed' | 'waiting' {
  const reachable = devices.filter((one) => one.state !== 'offline');
  if (reachable.some((one) => !one.takenUp || one.state === 'updating')) return 'waiting';
  return reachable.every((one) => one.state === 'running') ? 'running' : 'failed';
}

function failure(name: string, what: string, devices: readonly DeploymentOnDevice[]): CliError {
  const places = devices.filter((one) => one.state !== 'running').map((one) => `  ${one.device}: ${reasonOf(one)}`);
  return new CliError(
    EXIT.failed,
    `${name} ${what}.`,
    [...places, `Devices keep trying. See: npx scorewall describe deployment ${name}`].join('\n'),
  );
}

export function reasonOf({ state, status, takenUp }: DeploymentOnDevice): string {
  if (state === 'offline') return 'offline, will catch up';
  const trouble = status?.error ?? status?.services.find((one) => one.error)?.error;
  if (trouble) return trouble.message;
  return takenUp ? state : 'has not taken it up yet';
}
