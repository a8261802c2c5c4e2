/** Decides whether a service may have its ports of the device. Whoever holds one keeps it; the next is refused in words. Pure. */
import { nextFreePort, type PortHolder, portsCollide } from '#contracts/score/conflicts.ts';
import type { PublishedPort } from '#contracts/score/port.ts';
import { publishedPorts } from '../engine/service-fields.ts';
import { type Actual, heldPorts, isLive, type OwnContainer, type ServiceKey, type Site } from './actual.ts';
import { type Candidate, type Matched, matchContainers } from './candidate.ts';
import type { DesiredEntry } from './desired.ts';
import type { Memory } from './memory.ts';

export type PortAnswer =
  | { kind: 'free' }
  /** The holder is on its way out; `surely`: nothing can hold it back any more. */
  | { kind: 'soon'; holder: string; surely: boolean }
  /** Nobody has it any more, and yet somebody still listens. */
  | { kind: 'lingering' }
  | { kind: 'refused'; message: string };

interface Holder extends PortHolder {
  key: ServiceKey;
  leaving: 'no' | 'likely' | 'surely';
}

export class PortLedger {
  readonly #holders: Holder[];
  readonly #actual: Actual;
  readonly #memory: Memory;

  constructor(matched: Matched, actual: Actual, memory: Memory) {
    this.#actual = actual;
    this.#memory = memory;
    this.#holders = holdersOf(matched, actual, memory);
  }

  ask({ key, service }: Pick<Candidate, 'key' | 'service'>): PortAnswer {
    let soon: Extract<PortAnswer, { kind: 'soon' | 'lingering' }> | undefined;
    for (const port of fixedPorts(service.spec, this.#memory)) {
      const colliding = this.#holders.filter((holder) => portsCollide(holder.port, port));
      const other = colliding.find((holder) => holder.key !== key);
      if (other?.leaving === 'no')
        return { kind: 'refused', message: this.#words(service.name, port, holderName(other, service.deployment)) };
      if (other && !(soon?.kind === 'soon' && !soon.surely))
        soon = { kind: 'soon', holder: holderName(other, service.deployment), surely: other.leaving === 'surely' };
      if (colliding.length > 0 || !this.#isListenedOn(port)) continue;
      const lingering = this.#memory.released.find((one) => portsCollide(one.port, port) && one.untilMs > this.#memory.now);
      if (!lingering) return { kind: 'refused', message: this.#words(service.name, port, 'a program outside Scorewall') };
      soon ??= { kind: 'lingering' };
    }
    return soon ?? { kind: 'free' };
  }

  /** From here on these ports are this service's, so that the next in line is refused in the same plan. */
  claim({ key, service }: Candidate): void {
    for (const port of fixedPorts(service.spec, this.#memory))
      this.#holders.push({ key, deployment: service.deployment, service: service.name, port, leaving: 'no' });
  }

  #isListenedOn(port: PublishedPort): boolean {
    return this.#actual.listeners.some((listener) => portsCollide(listener, port));
  }

  #words(service: string, port: PublishedPort, holder: string): string {
    const listening = this.#actual.listeners.map((listener) => ({ deployment: '', service: '', port: listener }));
    const next = nextFreePort(port, [...this.#holders, ...listening]);
    return `${port.hostPort} is taken on this device by ${holder}, which keeps running; ${service} does not start. Next free: ${next}.`;
  }
}

/** Ports that services would start with and that no container of ours holds: whether they are free only the device can tell. */
export function wantedPorts(desired: readonly DesiredEntry[], actual: Actual, { hostIp }: Site): PublishedPort[] {
  const { candidates } = matchContainers(desired, actual);
  const held = [...actual.containers.values()].filter(isLive).flatMap((one) => heldPorts(one, hostIp));
  return candidates
    .filter(({ right }) => !(right && isLive(right)))
    .flatMap(({ service }) => publishedPorts(service.spec, hostIp))
    .filter((port) => port.hostPort !== undefined && !held.some((other) => portsCollide(other, port)));
}

export const fixedPorts = (spec: Candidate['service']['spec'], memory: Memory): PublishedPort[] =>
  publishedPorts(spec, memory.site.hostIp).filter((port) => port.hostPort !== undefined);

const holderName = (holder: PortHolder, deployment: string): string =>
  holder.deployment === deployment || holder.deployment === holder.service
    ? holder.service
    : `${holder.service} of ${holder.deployment}`;

function holdersOf(matched: Matched, actual: Actual, memory: Memory): Holder[] {
  const live = [...actual.containers.values()].filter(isLive);
  const leaving = leavingContainers(matched, live, memory);
  return live.flatMap((one) =>
    heldPorts(one, memory.site.hostIp).map((port) => ({
      key: one.key,
      deployment: one.deployment,
      service: one.service,
      port,
      leaving: leaving.get(one) ?? 'no',
    })),
  );
}

function leavingContainers({ candidates, leftover }: Matched, live: readonly OwnContainer[], memory: Memory) {
  const leaving = new Map<OwnContainer, 'likely' | 'surely'>();
  const isGoing = (one: OwnContainer) => one.state === 'stopping' || one.doing === 'stop';
  for (const one of [...leftover, ...live.filter(isGoing)]) leaving.set(one, 'surely');
  const swaps = candidates.filter((candidate) => candidate.stale.length > 0 && canReplace(candidate, memory));
  for (const { right, stale } of swaps) for (const one of stale) leaving.set(one, right ? 'surely' : 'likely');
  // A replacement that is itself refused does not leave. Each round can only shrink the map, so this ends.
  for (let before = -1; before !== leaving.size; ) {
    before = leaving.size;
    for (const { key, service, stale } of swaps) {
      const others = live.filter((one) => one.key !== key && !leaving.has(one));
      const held = others.flatMap((one) => heldPorts(one, memory.site.hostIp));
      const isRefused = fixedPorts(service.spec, memory).some((port) => held.some((other) => portsCollide(other, port)));
      if (isRefused) for (const one of stale) if (!isGoing(one)) leaving.delete(one);
    }
  }
  return leaving;
}

const canReplace = ({ key, service, right }: Candidate, memory: Memory): boolean =>
  !memory.failures.has(key) &&
  right?.state !== 'broken' &&
  (right !== undefined || !memory.missingImages.has(service.spec.image));
