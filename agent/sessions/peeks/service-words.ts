/** Why a tile has nothing to show of a service, in words for people. */
import { displayName } from '#contracts/device.ts';
import type { OwnContainer } from '../../reconcile/actual.ts';

interface Place {
  deployment: string;
  service: string;
}

export class ServiceWords {
  readonly #title: string;
  readonly #containerOf: (deployment: string, service: string) => OwnContainer | undefined;

  constructor(device: string, containerOf: (deployment: string, service: string) => OwnContainer | undefined) {
    this.#title = displayName(device);
    this.#containerOf = containerOf;
  }

  whyNotHere({ deployment, service }: Place): string | undefined {
    if (this.#containerOf(deployment, service)) return undefined;
    return `${this.#title} does not run ${service} of ${deployment}. Deploy it to this device, or choose another face.`;
  }

  whyNoTerminal({ deployment, service }: Place): string | undefined {
    const container = this.#containerOf(deployment, service);
    if (!container) return this.whyNotHere({ deployment, service });
    if (container.spec?.screen?.kind !== 'terminal')
      return `${service} on ${this.#title} has no terminal of its own. Give the service "screen: {kind: terminal}".`;
    if (container.state !== 'running') return `${service} is not running on ${this.#title}, so its terminal is gone.`;
    return undefined;
  }

  noLines({ deployment, service }: Place): string {
    const container = this.#containerOf(deployment, service);
    if (container?.state !== 'running') return `No lines yet from ${service}. It is not running.`;
    const seconds = Math.max(0, Math.round((Date.now() - (container.startedAtMs ?? Date.now())) / 1_000));
    const ago = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
    return `No lines yet from ${service}. It started ${ago} ago.`;
  }
}
