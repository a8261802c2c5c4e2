import { expect, it } from 'vitest';
import { defaultSockets, openEngine } from './open-engine.ts';

it('looks for podman before Docker, and for what the environment names before both', () => {
  const sockets = defaultSockets({ DOCKER_HOST: 'unix:///own.sock', XDG_RUNTIME_DIR: '/run/user/7' }, 7);
  expect(sockets[0]).toBe('/own.sock');
  expect(sockets.indexOf('/run/user/7/podman/podman.sock')).toBeLessThan(sockets.indexOf('/run/podman/podman.sock'));
  expect(sockets.indexOf('/run/podman/podman.sock')).toBeLessThan(sockets.indexOf('/var/run/docker.sock'));
});

it('may not be there yet', async () => {
  const engine = openEngine('/no/such/engine.sock');
  expect(engine.kind).toBe('none');
  await expect(engine.version()).rejects.toMatchObject({ code: 'unreachable', message: 'no engine at /no/such/engine.sock' });
});
