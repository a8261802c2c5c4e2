/** Removes the containers of devices on the addresses of a test's hub: those of a run that was broken off hold ports that the next needs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import { findOnPath } from '#server/up/on-path.ts';

interface Listed {
  Id: string;
  Labels: Record<string, string> | null;
  Ports: { host_ip: string }[] | null;
}

const run = promisify(execFile);

/** Also those of the fleet, wherever they listen. */
export async function sweepContainers(firstAddress: string, fleet: string): Promise<void> {
  const podman = findOnPath('podman');
  if (!podman) return;
  const network = firstAddress.slice(0, firstAddress.lastIndexOf('.') + 1);
  const { stdout } = await run(podman, ['ps', '--all', '--format', 'json', '--filter', `label=${CONTAINER_LABEL.device}`]);
  const ids = (JSON.parse(stdout) as Listed[])
    .filter(
      ({ Labels, Ports }) =>
        Labels?.[CONTAINER_LABEL.fleet] === fleet || Ports?.some(({ host_ip }) => host_ip.startsWith(network)) === true,
    )
    .map(({ Id }) => Id);
  if (ids.length > 0) await run(podman, ['rm', '--force', '--time', '0', ...ids]);
}
