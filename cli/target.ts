/** `DEVICE`, `DEVICE/SERVICE` or `DEVICE/DEPLOYMENT/SERVICE`: what a command is about, looked up at the hub. */
import { displayName } from '#contracts/device.ts';
import { isName } from '#contracts/name.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { Hub } from './hub/client.ts';

export interface Source {
  deployment: string;
  service: string;
}

export interface Target {
  device: string;
  /** Every service of that name; absent: the device itself. */
  services?: Source[];
}

export interface TargetText {
  device: string;
  deployment?: string;
  service?: string;
}

export function readTarget(text: string): TargetText {
  const parts = text.split('/');
  const [device, ...rest] = parts;
  if (device === undefined || parts.length > 3 || !parts.every(isName))
    throw new CliError(
      EXIT.usage,
      `${JSON.stringify(text)} names no device and no service.`,
      'Nothing was done. Write it like alice, alice/web, or alice/shop/web (device/deployment/service).',
    );
  if (rest.length === 2) return { device, deployment: rest[0]!, service: rest[1]! };
  return { device, ...(rest[0] === undefined ? {} : { service: rest[0] }) };
}

export async function findTarget(hub: Hub, text: string): Promise<Target> {
  const { device, deployment, service } = readTarget(text);
  const { status } = await hub.device(device);
  if (service === undefined) return { device };
  const all = servicesOf(status?.value.deployments ?? []);
  const services = all.filter((one) => one.service === service && (deployment === undefined || one.deployment === deployment));
  if (services.length > 0) return { device, services };
  // Perhaps it was deployed a moment ago, or its report is still under way: the device itself knows.
  if (deployment !== undefined) return { device, services: [{ deployment, service }] };
  const names = [...new Set(all.map((one) => one.service))].sort();
  throw new CliError(
    EXIT.notFound,
    `No service on ${displayName(device)} is called ${service}.`,
    names.length > 0 ? `There: ${names.join(', ')}.` : 'It has reported none. See: npx scorewall describe device '.concat(device),
  );
}

/** For what can be done with one service only. */
export function theOnly({ device, services }: Target): Source {
  const [first, ...others] = services ?? [];
  if (first && others.length === 0) return first;
  const choices = (services ?? []).map((one) => `${device}/${one.deployment}/${one.service}`);
  throw new CliError(
    EXIT.usage,
    first
      ? `${choices.length} services on ${displayName(device)} are called ${first.service}.`
      : `Name a service of ${displayName(device)}.`,
    first
      ? `Nothing was done. Say which: ${choices.join(' or ')}.`
      : `Nothing was done. For example: ${device}/SERVICE. For the device's own shell: npx scorewall shell ${device}`,
  );
}

const servicesOf = (deployments: readonly { name: string; services: readonly { name: string }[] }[]): Source[] =>
  deployments.flatMap(({ name: deployment, services }) => services.map(({ name: service }) => ({ deployment, service })));
