/** Tells whether an engine can really run what devices are asked to run: starts a container with a published port, and removes it. */
import { randomBytes } from 'node:crypto';
import type { EngineApi } from './engine-api.ts';
import { HELLO_IMAGES } from './hello-image.ts';

const PROBE_LABEL = 'scorewall.probe';

/** Throws with the engine's words when it cannot. */
export async function probeEngine(engine: EngineApi, address: string, fleet: string): Promise<void> {
  // One of a start that was killed in the middle.
  for (const { id } of await engine.containersByLabel(`${PROBE_LABEL}=${fleet}`)) await remove(engine, id);
  const name = `scorewall-probe-${fleet}-${randomBytes(4).toString('hex')}`;
  const created = await engine.expect('POST', `/containers/create?name=${name}`, {
    type: 'application/json',
    content: JSON.stringify({
      Image: HELLO_IMAGES[0]!.reference,
      Labels: { [PROBE_LABEL]: fleet },
      ExposedPorts: { '80/tcp': {} },
      // Port 0: the engine chooses one that is free.
      HostConfig: { PortBindings: { '80/tcp': [{ HostIp: address, HostPort: '0' }] } },
    }),
  });
  const { Id } = JSON.parse(created.toString()) as { Id: string };
  try {
    await engine.expect('POST', `/containers/${Id}/start`);
  } finally {
    await remove(engine, Id);
  }
}

const remove = (engine: EngineApi, id: string) => engine.call('DELETE', `/containers/${id}?force=true`);
