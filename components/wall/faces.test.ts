import { describe, expect, it } from 'vitest';
import type { Score } from '#contracts/score/score.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import { facesOf, shownFace } from './faces.ts';

const status = (services: Record<string, readonly string[]>) =>
  ({
    deployments: Object.entries(services).map(([name, all]) => ({
      name,
      phase: 'running',
      services: all.map((service) => ({ name: service })),
    })),
  }) as unknown as DeviceStatus;
const score = (screens: Record<string, unknown>): Score =>
  ({ type: 'PodmanV0', data: { services: Object.entries(screens).map(([name, screen]) => ({ name, screen })) } }) as Score;
const labels = (choices: ReturnType<typeof facesOf>) => choices.map(({ label }) => label);

describe('the faces of a tile', () => {
  it('are services, terminal and logs where nothing is declared, and services are shown', () => {
    const choices = facesOf(status({ hello: ['web'] }), () => undefined);
    expect(labels(choices)).toEqual(['Services', 'Terminal of the device', 'Log of web']);
    expect(shownFace(choices, undefined)).toEqual({ kind: 'services' });
  });

  it('put a declared desktop first, else a declared terminal', () => {
    const desk = facesOf(status({ d: ['form', 'top'] }), () =>
      score({ form: { kind: 'vnc', port: 5900 }, top: { kind: 'terminal' } }),
    );
    expect(shownFace(desk, undefined)).toEqual({ kind: 'screen', deployment: 'd', service: 'form' });
    const top = facesOf(status({ d: ['top'] }), () => score({ top: { kind: 'terminal' } }));
    expect(shownFace(top, undefined)).toEqual({ kind: 'terminal', deployment: 'd', service: 'top' });
  });

  it('keep what was chosen as long as it is there', () => {
    const choices = facesOf(status({ hello: ['web'] }), () => undefined);
    const log = { kind: 'log', deployment: 'hello', service: 'web' } as const;
    expect(shownFace(choices, log)).toEqual(log);
    expect(shownFace(choices, { ...log, service: 'gone' })).toEqual({ kind: 'services' });
  });

  it('offer no terminal of a device that never reported', () => {
    expect(labels(facesOf(undefined, () => undefined))).toEqual(['Services']);
  });
});
