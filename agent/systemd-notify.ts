/**
 * Tells systemd that the agent is ready and alive. No native code: over the descriptor of `OpenFile=/run/systemd/notify:notify`, and
 * where systemd is older than that (253), by its own small program.
 */
import { execFile } from 'node:child_process';
import { writeSync } from 'node:fs';
import type { Logger } from './log.ts';

const FIRST_LISTEN_FD = 3;

/** systemd's passed descriptor; undefined where the agent does not run under such a unit. */
export function notifyDescriptor(env: NodeJS.ProcessEnv, pid: number): number | undefined {
  if (Number(env.LISTEN_PID) !== pid) return undefined;
  const position = (env.LISTEN_FDNAMES ?? '').split(':').indexOf('notify');
  return position < 0 ? undefined : FIRST_LISTEN_FD + position;
}

/** Half of the unit's `WatchdogSec=`: systemd kills what stays silent for the whole of it. */
export function watchdogIntervalMs(env: NodeJS.ProcessEnv): number | undefined {
  const microseconds = Number(env.WATCHDOG_USEC);
  return microseconds > 0 ? microseconds / 2_000 : undefined;
}

/** Says ready now, alive while the event loop turns, and stopping when `signal` aborts. */
export function notifySystemd(env: NodeJS.ProcessEnv, signal: AbortSignal, log: Logger): void {
  const descriptor = notifyDescriptor(env, process.pid);
  if (descriptor === undefined && !env.NOTIFY_SOCKET) return;
  const failed = (error: unknown) => log.debug({ error }, 'systemd could not be told.');
  const say = (state: string) => {
    if (descriptor === undefined) {
      execFile('systemd-notify', [state], { timeout: 10_000 }, (error) => error && failed(error));
      return;
    }
    try {
      writeSync(descriptor, state);
    } catch (error) {
      failed(error);
    }
  };
  say('READY=1');
  const intervalMs = watchdogIntervalMs(env);
  const beating = intervalMs === undefined ? undefined : setInterval(() => say('WATCHDOG=1'), intervalMs).unref();
  signal.addEventListener('abort', () => {
    clearInterval(beating);
    say('STOPPING=1');
  });
}
