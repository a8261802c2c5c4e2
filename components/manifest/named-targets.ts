/** Devices gained and lost between two manifests that name their devices; a selector's devices are not in the text. Pure. */

const namesIn = (value: unknown): string[] | undefined => {
  const spec = (value as { spec?: { targetDevices?: unknown } } | undefined | null)?.spec;
  return Array.isArray(spec?.targetDevices) ? spec.targetDevices.map(String) : undefined;
};

export function namedTargetChanges(before: unknown, after: unknown): { gained: string[]; lost: string[] } {
  const [old, now] = [namesIn(before), namesIn(after)];
  if (!old || !now) return { gained: [], lost: [] };
  return { gained: now.filter((name) => !old.includes(name)), lost: old.filter((name) => !now.includes(name)) };
}
