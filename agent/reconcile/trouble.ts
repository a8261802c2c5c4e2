/** Failures in the words of the person who has to act: what happened, what it means for the device, one next step. Pure. */
import type { Trouble } from '#contracts/status.ts';
import type { EngineErrorCode } from '../engine/engine-error.ts';
import type { Failure } from './memory.ts';

type Words = Pick<Trouble, 'code' | 'message'>;

interface About {
  service: string;
  image: string;
  /** An older version of the service runs meanwhile. */
  keeps: boolean;
}

const STEP_CODE: Record<Failure['step'], Trouble['code']> = {
  pull: 'pull-failed',
  create: 'create-failed',
  start: 'start-failed',
  stop: 'internal',
  remove: 'internal',
};

const SAME_CODE: Partial<Record<EngineErrorCode, Trouble['code']>> = {
  'image-not-found': 'image-not-found',
  'image-missing': 'image-not-found',
  'registry-unreachable': 'registry-unreachable',
  'port-taken': 'port-taken',
  'secret-missing': 'secret-missing',
  'disk-full': 'disk-full',
  unreachable: 'engine-unreachable',
};

export function troubleOf(failure: Pick<Failure, 'code' | 'message' | 'step'>, about: About): Words {
  const code = SAME_CODE[failure.code] ?? STEP_CODE[failure.step];
  const { service, image } = about;
  const meaning = about.keeps ? 'What ran before keeps running.' : `${service} does not run.`;
  const said = sentence(failure.message);
  switch (code) {
    case 'image-not-found':
      return {
        code,
        message: `This device cannot fetch the image ${image}: its registry does not have it, or does not show it to this device. ${meaning} Correct the image's name or tag, or give the device access.`,
      };
    case 'registry-unreachable':
      // `localhost/` is where an engine keeps images that were built or imported on it; there is no registry behind it.
      if (image.startsWith('localhost/'))
        return {
          code: 'image-not-found',
          message: `The image ${image} is not on this device, and no registry has it. ${meaning} Import it on the device, or push it to a registry and write its name.`,
        };
      return {
        code,
        message: `This device cannot reach the registry of ${image}. ${meaning} It tries again by itself; check the network and the registry.`,
      };
    case 'port-taken':
      return {
        code,
        message: `A port of ${service} is taken on this device. ${meaning} Choose another port, or free this one. The engine says: ${said}`,
      };
    case 'secret-missing':
      return {
        code,
        message: `${service} needs a secret that this device does not have. ${meaning} Put it on the device. The engine says: ${said}`,
      };
    case 'disk-full':
      return { code, message: `The disk of this device is full. ${meaning} Free some space; it tries again by itself.` };
    case 'pull-failed':
      return {
        code,
        message: `This device cannot fetch the image ${image}. ${meaning} It tries again by itself. The engine says: ${said}`,
      };
    case 'create-failed':
      return {
        code,
        message: `${service} cannot be made into a container. ${meaning} Correct the deployment. The engine says: ${said}`,
      };
    case 'start-failed':
      return { code, message: `${service} cannot start. ${meaning} Correct the deployment. The engine says: ${said}` };
    default:
      return { code, message: `${service} cannot be stopped or removed now; it tries again by itself. The engine says: ${said}` };
  }
}

export const keepsStopping = (service: string, times: number, exitCode: number): Words => ({
  code: 'keeps-stopping',
  message: `${service} keeps stopping (${times} times in 10 min), last with exit code ${exitCode}. It is started again with growing pauses; look at its log.`,
});

export const exited = (service: string, exitCode: number): Words => ({
  code: 'exited',
  message: `${service} ended with exit code ${exitCode}, and its restart policy leaves it at that. Look at its log.`,
});

export const unhealthy = (service: string): Words => ({
  code: 'unhealthy',
  message: `${service} runs, but its health check fails. Look at its log.`,
});

export const engineUnreachable = (said: string): Words => ({
  code: 'engine-unreachable',
  message: `The container engine of this device does not answer. What runs keeps running, but nothing can be changed. It tries again by itself; check podman or Docker. It says: ${sentence(said)}`,
});

/** Engines wrap one error in another; the end tells the cause, and a report is no place for a page of text. */
const MAX_SAID = 300;
function sentence(said: string): string {
  const text = said.replaceAll(/\s+/g, ' ').trim();
  const short = text.length > MAX_SAID ? `… ${text.slice(-MAX_SAID)}` : text;
  return /[.!?]$/.test(short) ? short : `${short}.`;
}
