/** Services the fault tests deploy: small, without a registry, and quick to stop. */
import type { PodmanService as Service } from '#contracts/score/service.ts';

export const HELLO = 'localhost/scorewall/hello:1';
export const HELLO_NEXT = 'localhost/scorewall/hello:2';

/** A page on a port; busybox does not react to SIGTERM as process 1, so it gets a second. */
export const page = (name: string, port: number, more: Partial<Service> = {}): Service => ({
  name,
  image: HELLO,
  ports: [`${port}:80`],
  stopTimeoutSeconds: 1,
  ...more,
});

/** Nothing but a process. */
export const sleeper = (name: string, more: Partial<Service> = {}): Service => ({
  name,
  image: HELLO,
  command: ['/bin/busybox', 'sleep', '1000000'],
  stopTimeoutSeconds: 1,
  ...more,
});
