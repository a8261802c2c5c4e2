/** A reconciler in a process of its own that kills itself at a given point: `node --import tsx test-process.ts JSON`. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/open-engine.ts';
import { type DesiredDeployment, Reconciler } from './reconciler.ts';

export interface CrashPlan {
  socket: string;
  device: string;
  fleet: string;
  hostIp: string;
  desired: DesiredDeployment[];
  /** Dies after the first such call: `during` while it runs, `after` when it has ended. */
  call: 'createContainer' | 'startContainer' | 'stopContainer' | 'pullImage' | 'removeContainer';
  when: 'during' | 'after';
}

const crash = JSON.parse(process.argv[2]!) as CrashPlan;
const die = () => process.kill(process.pid, 'SIGKILL');

const engine = new Proxy(openEngine(crash.socket), {
  get(target, name) {
    const value: unknown = Reflect.get(target, name);
    if (typeof value !== 'function') return value;
    // The engine's private fields are its own: methods are called on it, never on the proxy.
    if (name !== crash.call) return value.bind(target);
    return async (...args: unknown[]) => {
      const result: Promise<unknown> = value.apply(target, args);
      // Long enough for the engine to have the request, too short for it to be done.
      if (crash.when === 'during') void delay(15).then(die);
      else await result.then(die);
      return result;
    };
  },
}) as Engine;

const silent = () => undefined;
const reconciler = new Reconciler({
  ...crash,
  engine,
  log: { debug: silent, info: silent, warn: silent, error: silent },
  onChange: silent,
  onEvent: silent,
});
reconciler.setDesired(crash.desired);
await reconciler.run(new AbortController().signal);
