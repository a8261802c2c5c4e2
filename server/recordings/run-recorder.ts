/**
 * Brings recordings from devices to the hub for as long as this anchor leads: when a device says one is ready, when it comes back,
 * and every few minutes whatever was said. One device at a time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { NoRespondersError, RequestError } from '@nats-io/nats-core';
import { STREAM } from '#contracts/buckets.ts';
import { toEvent } from '../devices/device-events.ts';
import type { Hub } from '../hub.ts';
import { followStream } from '../kv/follow-stream.ts';
import { whenAborted } from '../kv/when-aborted.ts';
import { fetchRecordings } from './fetch-recordings.ts';
import type { RecorderLink } from './recorder-link.ts';
import { toKept } from './recording-store.ts';
import { toGiveUp } from './retention.ts';

export interface RecorderOptions {
  link: RecorderLink;
  /** All recordings together; the oldest go first. */
  maxBytes: number;
  intervalMs?: number;
}

const INTERVAL_MS = 5 * 60_000;
/** A device that has just connected still makes its subscriptions. */
const AFTER_CONNECT_MS = 2_000;
const RETRY_MS = 30_000;
const FOLLOW_AGAIN_MS = 1_000;
const LONGEST_VISIT_MS = 15 * 60_000;

/** A device to visit, or the store to look through. */
type Job = string | typeof MAKE_ROOM;
const MAKE_ROOM = Symbol('make room');

export async function runRecorder(hub: Hub, options: RecorderOptions, signal: AbortSignal): Promise<void> {
  const jobs = new Jobs(signal);
  const later = (job: Job, ms: number) => setTimeout(() => jobs.add(job), ms).unref();
  const stopPresence = hub.presence.onChange(({ device, connected }) => {
    if (connected) later(device, AFTER_CONNECT_MS);
  });
  const everything = () => {
    jobs.add(MAKE_ROOM);
    for (const { name } of hub.fleet.registered) if (hub.presence.of(name)?.connected !== false) jobs.add(name);
  };
  const timer = setInterval(everything, options.intervalMs ?? INTERVAL_MS);
  const following = followReady(hub, (device) => jobs.add(device), signal);
  void hub.fleet.whenRead.then(everything);
  for (let job = await jobs.next(); job !== undefined; job = await jobs.next())
    if (!(await work(hub, options, job, signal)) && !signal.aborted) later(job, RETRY_MS);
  clearInterval(timer);
  stopPresence();
  await following;
  await options.link.close().catch(() => {});
}

/** False: try again soon. */
async function work(hub: Hub, { link, maxBytes }: RecorderOptions, job: Job, signal: AbortSignal): Promise<boolean> {
  const { recordings, log } = hub;
  try {
    if (job === MAKE_ROOM) await makeRoom(hub, maxBytes);
    else {
      const until = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_VISIT_MS)]);
      const stored = await fetchRecordings({ device: job, link, recordings, log, signal: until });
      if (stored > 0) await makeRoom(hub, maxBytes);
    }
    return true;
  } catch (error) {
    // Away, or with an agent that records nothing: it is asked again when it comes back.
    if (isNobodyThere(error)) return true;
    if (!signal.aborted) log.warn({ err: error, job: String(job) }, 'fetching recordings failed; trying again');
    return false;
  }
}

export async function makeRoom({ recordings, log }: Pick<Hub, 'recordings' | 'log'>, maxBytes: number): Promise<void> {
  const now = new Date();
  for (const { id, device } of toGiveUp((await recordings.list()).map(toKept), { maxBytes, now })) {
    await recordings.delete(id);
    log.info({ device, recording: id }, 'a recording was given up: its time or its room is over');
  }
  await recordings.removeAbandoned(now);
}

const isNobodyThere = (error: unknown): boolean =>
  error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders());

async function followReady(hub: Hub, onReady: (device: string) => void, signal: AbortSignal): Promise<void> {
  const aborted = whenAborted(signal);
  while (!signal.aborted) {
    try {
      const selection = { filter: 'event.*', include: new Date() };
      const following = await followStream(hub.store, STREAM.events, selection, (message) => {
        for (const event of toEvent(message)) if (event.kind === 'recording-ready') onReady(event.device);
      });
      following.initial.catch(() => {});
      await Promise.race([following.ended, aborted]);
      following.stop();
    } catch (error) {
      if (!signal.aborted) hub.log.debug({ err: error }, 'events cannot be followed for recordings; trying again');
    }
    await sleep(FOLLOW_AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}

/** What is to be done, each once, first come first served. */
class Jobs {
  readonly #waiting = new Set<Job>();
  readonly #signal: AbortSignal;
  #wake: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  add(job: Job): void {
    this.#waiting.add(job);
    this.#wake?.();
  }

  /** undefined: the signal aborted. */
  async next(): Promise<Job | undefined> {
    while (!this.#signal.aborted) {
      const [job] = this.#waiting;
      if (job !== undefined) {
        this.#waiting.delete(job);
        return job;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return undefined;
  }
}
