/** Volumes of a compose file. Paths relative to the file have no meaning on a device and are left out with a note. Pure. */

type Note = (message: string) => void;

export function composeVolumes(value: unknown, note: Note): unknown[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry): unknown[] =>
    typeof entry === 'string' ? shortVolume(entry, note) : longVolume(entry as Record<string, unknown>, note),
  );
}

function shortVolume(text: string, note: Note): unknown[] {
  const source = text.split(':')[0]!;
  if (isRelative(source)) {
    note(relative(source));
    return [];
  }
  return [text];
}

const LONG_KEYS = ['type', 'source', 'target', 'read_only'];

function longVolume(entry: Record<string, unknown>, note: Note): unknown[] {
  const type = String(entry.type ?? 'volume');
  if (!['bind', 'volume', 'tmpfs'].includes(type)) {
    note(`mounts a ${type}, which is not known here. It was left out.`);
    return [];
  }
  if (type === 'bind' && isRelative(String(entry.source))) {
    note(relative(String(entry.source)));
    return [];
  }
  const dropped = Object.keys(entry).filter((key) => !LONG_KEYS.includes(key));
  if (dropped.length > 0) note(`sets ${dropped.join(', ')} of the volume ${String(entry.target)}. The defaults are used.`);
  return [Object.fromEntries(LONG_KEYS.flatMap((key) => (entry[key] === undefined ? [] : [[key, entry[key]]])))];
}

const isRelative = (source: string) => /^(\.|~)/.test(source);
const relative = (source: string) =>
  `mounts ${source}, a path beside the compose file. Put the files on the devices and write an absolute path under volumes.`;
