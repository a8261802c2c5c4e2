/** Who gets it, counted, and who will get it later. Pure. */
import { displayName } from '#contracts/device.ts';
import { devices as count, names } from '../../manifest/device-words.ts';
import type { EditorDevice } from '../use-fleet.ts';

const AWAY = ['offline', 'not-seen'];

/** `12 devices. Shellfish is offline – it will catch up.` With `list`, the names too, because labels do not say them. */
export function targetSentence(targets: readonly string[], devices: readonly EditorDevice[], list = false): string {
  const away = devices
    .filter((device) => targets.includes(device.name) && AWAY.includes(device.health))
    .map((device) => device.name);
  const unknown = targets.filter((name) => !devices.some((device) => device.name === name));
  const later = [...away, ...unknown];
  const who = list ? `${count(targets.length)}: ${names(targets)}.` : `${count(targets.length)}.`;
  if (later.length === 0) return who;
  if (later.length > 1 && later.length === targets.length) return `${who} None of them is there now – they will catch up.`;
  if (later.length > 1) return `${who} ${names(later)} are not there now – they will catch up.`;
  const one = displayName(later[0]!);
  return `${who} ${one} is ${unknown.length > 0 ? 'not on the wall' : 'offline'} – it will catch up.`;
}
