/** Runs the health checks of a Score where the engine does not run them by itself, and judges the results. */
import { healthcheckOf } from '../engine/service-fields.ts';
import type { OwnContainer } from './actual.ts';

export interface CheckResult {
  health: OwnContainer['health'];
  /** Failures in a row. */
  streak: number;
}

type Check = Exclude<ReturnType<typeof healthcheckOf>, 'off' | undefined>;

/** Compose's rules: failures in the start period do not count, one success ends it, `retries` failures in a row are unhealthy. */
export function judgeCheck(before: CheckResult, passed: boolean, check: Check, upMs: number): CheckResult {
  if (passed) return { health: 'healthy', streak: 0 };
  const streak = before.streak + 1;
  if (before.health === 'starting') {
    const isLate = upMs >= check.startPeriodMs + check.retries * check.intervalMs;
    return { health: isLate ? 'unhealthy' : 'starting', streak };
  }
  return { health: streak >= check.retries ? 'unhealthy' : before.health, streak };
}

/** Until the first success a check runs at least this often, so that whoever waits for it waits no longer than needed. */
const EAGER_INTERVAL_MS = 1_000;

export const nextCheckMs = (before: CheckResult, check: Check): number =>
  before.health === 'starting' ? Math.min(check.intervalMs, EAGER_INTERVAL_MS) : check.intervalMs;

interface Watched {
  container: OwnContainer;
  check: Check;
  result: CheckResult;
  timer: NodeJS.Timeout | undefined;
}

export class HealthChecks {
  readonly #run: (id: string) => Promise<boolean>;
  readonly #onResult: (id: string, health: OwnContainer['health']) => void;
  readonly #watched = new Map<string, Watched>();

  constructor(run: (id: string) => Promise<boolean>, onResult: (id: string, health: OwnContainer['health']) => void) {
    this.#run = run;
    this.#onResult = onResult;
  }

  /** Watches exactly these containers: those that run. A new run of the same container begins anew. */
  follow(running: readonly OwnContainer[]): void {
    const ids = new Set(running.map((one) => one.id));
    for (const [id, { timer }] of this.#watched) {
      if (ids.has(id)) continue;
      clearTimeout(timer);
      this.#watched.delete(id);
    }
    for (const container of running) {
      const known = this.#watched.get(container.id);
      if (known && known.container.seenAtMs === container.seenAtMs) continue;
      const check = container.spec && healthcheckOf(container.spec);
      if (!check || check === 'off') continue;
      clearTimeout(known?.timer);
      const watched: Watched = { container, check, result: { health: 'starting', streak: 0 }, timer: undefined };
      this.#watched.set(container.id, watched);
      this.#schedule(watched);
    }
  }

  close(): void {
    this.follow([]);
  }

  #schedule(watched: Watched): void {
    watched.timer = setTimeout(() => void this.#check(watched), nextCheckMs(watched.result, watched.check));
    watched.timer.unref();
  }

  async #check(watched: Watched): Promise<void> {
    const { container, check } = watched;
    const passed = await withTimeout(this.#run(container.id), check.timeoutMs).catch(() => false);
    if (this.#watched.get(container.id) !== watched) return;
    const before = watched.result.health;
    watched.result = judgeCheck(watched.result, passed, check, Date.now() - container.seenAtMs);
    if (watched.result.health !== before) this.#onResult(container.id, watched.result.health);
    this.#schedule(watched);
  }
}

function withTimeout(result: Promise<boolean>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}
