/** What a tile is called when it is read out: "Alice, Running, 4 of 4 services, live, agent: counting visitors". Pure. */
import { displayName } from '#contracts/device-words.ts';
import { countServices, FRESHNESS_WORDS, HEALTH_WORDS, isAgentChanging } from '#contracts/health.ts';
import type { DeviceView } from '../live/device-view.ts';

export function tileName(view: DeviceView, hubLost: boolean, marks: readonly string[] = []): string {
  const { running, total } = countServices(view.status.value);
  const work = view.status.value?.work;
  const question = work?.asks[0]?.question;
  return [
    displayName(view.name),
    HEALTH_WORDS[view.health],
    total === 0 ? 'no services' : `${running} of ${total} services`,
    ...(hubLost
      ? ['hub lost']
      : view.freshness === 'not-seen' || view.freshness === view.health
        ? []
        : [FRESHNESS_WORDS[view.freshness].toLowerCase()]),
    ...(question ? [`asks: ${question}`] : work?.caption ? [`agent: ${work.caption.text}`] : []),
    ...(isAgentChanging(view.status.value) ? ['updating its agent'] : []),
    ...marks,
  ].join(', ');
}
