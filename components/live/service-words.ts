/** A service's state in words, download and restarts included. Pure. */
import type { ServiceStatus } from '#contracts/status.ts';
import { age, size } from '../ui/words.ts';

const STATES: Readonly<Record<ServiceStatus['state'], string>> = {
  waiting: 'Waits for another service',
  pulling: 'Downloading',
  starting: 'Starting',
  running: 'Running',
  stopping: 'Stopping',
  restarting: 'Starts again',
  completed: 'Finished',
  failed: 'Does not run',
};

export function serviceWords(service: ServiceStatus, nowMs: number): string {
  const { state, health, pull, since, restarts } = service;
  if (state === 'pulling' && pull) return pullWords(pull, nowMs);
  const word =
    state === 'running' && health === 'unhealthy'
      ? 'Unhealthy'
      : state === 'running' && health === 'starting'
        ? 'Checking its health'
        : STATES[state];
  const up = state === 'running' && since ? ` for ${age(nowMs - Date.parse(since))}` : '';
  return `${word}${up}${restarts > 0 ? `, started again ${restarts === 1 ? 'once' : `${restarts} times`}` : ''}`;
}

export function pullWords(pull: NonNullable<ServiceStatus['pull']>, nowMs: number): string {
  const { layersDone, layersTotal, bytesDone, bytesTotal, startedAt } = pull;
  if (layersTotal === 0 && bytesTotal === 0)
    return `Downloading, ${age(nowMs - Date.parse(startedAt))} so far. This device does not report more`;
  const layers = layersTotal > 0 ? `, layers ${layersDone} of ${layersTotal}` : '';
  const bytes =
    bytesTotal > 0 ? `, about ${size(bytesDone)} of ${size(bytesTotal)}` : bytesDone > 0 ? `, ${size(bytesDone)} so far` : '';
  return `Downloading${layers}${bytes}`;
}
