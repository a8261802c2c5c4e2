/** What is wrong with a deployment in this fleet, though the document itself is right. Pure. */
import { type Deployment, matchTargets } from '#contracts/deployment.ts';
import { didYouMean } from '#contracts/did-you-mean.ts';
import type { Issue } from '#contracts/issue.ts';
import { decodeScore, type Score } from '#contracts/score/score.ts';
import { selectorWords } from './build-status.ts';
import type { DesiredKey, RegisteredDevice } from './plan-desired.ts';
import { type DevicePortHolder, listNames, portConflicts, publishedPorts } from './port-conflicts.ts';

export interface Fleet {
  devices: readonly RegisteredDevice[];
  deployments: readonly { name: string; spec: Deployment['spec'] }[];
  /** Everything in `desired-state`, whoever wrote it. */
  keys: readonly DesiredKey[];
}

export function fleetIssues(deployment: Deployment, fleet: Fleet): Issue[] {
  const { metadata, spec } = deployment;
  const targets = matchTargets(spec, fleet.devices);
  return [
    ...unknownTargets(spec, fleet),
    ...emptySelector(spec, targets),
    ...portConflicts(spec.score, targets, portHolders(metadata.name, fleet)),
    ...foreignKeys(metadata.name, targets, fleet),
  ];
}

function unknownTargets({ targetDevices = [] }: Deployment['spec'], { devices }: Fleet): Issue[] {
  const names = devices.map(({ name }) => name);
  return targetDevices.flatMap((name, index): Issue[] => {
    if (names.includes(name)) return [];
    const suggestion = didYouMean(name, names);
    const message = suggestion
      ? `No device is called ${name}. Did you mean ${suggestion}?`
      : `No device is called ${name} yet. It gets this when it is added.`;
    return [{ path: ['spec', 'targetDevices', index], severity: 'warning', message, ...(suggestion ? { suggestion } : {}) }];
  });
}

function emptySelector({ targetSelector }: Deployment['spec'], targets: readonly string[]): Issue[] {
  if (!targetSelector || targets.length > 0) return [];
  const message = `No device has ${selectorWords(targetSelector)}. Nothing would happen.`;
  return [{ path: ['spec', 'targetSelector'], severity: 'warning', message }];
}

function foreignKeys(deployment: string, targets: readonly string[], { keys }: Fleet): Issue[] {
  const devices = keys.filter((key) => !key.ours && key.deployment === deployment && targets.includes(key.device));
  if (devices.length === 0) return [];
  const names = listNames(devices.map(({ device }) => device));
  const message = `Somebody else asks ${names} for ${deployment} directly. Their version stays there. Choose another name, or have theirs deleted.`;
  return [{ path: ['metadata', 'name'], severity: 'warning', message }];
}

/** Ports of all other deployments on every device, the ones written past the hub included. */
function portHolders(own: string, { deployments, devices, keys }: Fleet): DevicePortHolder[] {
  const holders = (deployment: string, score: Score, on: readonly string[]): DevicePortHolder[] =>
    publishedPorts(score).flatMap(({ service, port }) => on.map((device) => ({ device, deployment, service, port })));
  return [
    ...deployments.flatMap(({ name, spec }) => (name === own ? [] : holders(name, spec.score, matchTargets(spec, devices)))),
    ...keys.flatMap((key) => {
      if (key.ours || key.deployment === own) return [];
      const decoded = decodeScore(key.text);
      return decoded.ok ? holders(key.deployment, decoded.score, [key.device]) : [];
    }),
  ];
}

/** Devices that have it now and would lose it. */
export function removedFrom(deployment: Deployment, { devices, keys }: Fleet): string[] {
  const targets = matchTargets(deployment.spec, devices);
  return keys
    .filter((key) => key.ours && key.deployment === deployment.metadata.name && !targets.includes(key.device))
    .map(({ device }) => device)
    .sort();
}
