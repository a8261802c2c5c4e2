/** What a tile may show at rest, from what runs there and what its deployments declare; and what it shows if nobody chose. Pure. */

import { faceToken } from '#contracts/face-token.ts';
import type { Face } from '#contracts/peek.ts';
import type { Score } from '#contracts/score/score.ts';
import type { DeviceStatus } from '#contracts/status.ts';

export interface FaceChoice {
  face: Face;
  label: string;
}

const SERVICES_FACE: Face = { kind: 'services' };
const HOST_TERMINAL: Face = { kind: 'terminal' };

type ScoreOf = (deployment: string) => Score | undefined;

/** In the order of the tile's menu. */
export function facesOf(status: DeviceStatus | undefined, scoreOf: ScoreOf): FaceChoice[] {
  const choices: FaceChoice[] = [{ face: SERVICES_FACE, label: 'Services' }];
  const services = servicesOf(status);
  for (const { deployment, service } of services) {
    const screen = screenOf(scoreOf(deployment), service);
    if (screen === 'vnc') choices.push({ face: { kind: 'screen', deployment, service }, label: `Screen of ${service}` });
    if (screen === 'terminal') choices.push({ face: { kind: 'terminal', deployment, service }, label: `Terminal of ${service}` });
  }
  if (status) choices.push({ face: HOST_TERMINAL, label: 'Terminal of the device' });
  for (const { deployment, service } of services)
    choices.push({ face: { kind: 'log', deployment, service }, label: `Log of ${service}` });
  return choices;
}

/** A desktop first, then a service's own terminal, then the list of services. */
export function shownFace(choices: readonly FaceChoice[], chosen: Face | undefined): Face {
  const kept = chosen && choices.find(({ face }) => faceToken(face) === faceToken(chosen));
  if (kept) return kept.face;
  const screen = choices.find(({ face }) => face.kind === 'screen');
  const terminal = choices.find(({ face }) => face.kind === 'terminal' && face.service !== undefined);
  return (screen ?? terminal)?.face ?? SERVICES_FACE;
}

function servicesOf(status: DeviceStatus | undefined): { deployment: string; service: string }[] {
  return (status?.deployments ?? [])
    .filter(({ phase }) => phase !== 'removing')
    .flatMap(({ name, services }) => services.map((service) => ({ deployment: name, service: service.name })));
}

const screenOf = (score: Score | undefined, service: string): 'vnc' | 'terminal' | undefined =>
  score?.data.services.find(({ name }) => name === service)?.screen?.kind;
