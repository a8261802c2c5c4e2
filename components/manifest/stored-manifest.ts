/** What a stored deployment says of its author: the text, who, why. Pure. */
import { stringify } from 'yaml';
import { ANNOTATION, type Deployment } from '#contracts/deployment.ts';

/** The manifest as its author wrote it; written out anew where it came without text (from another writer). */
export function manifestOf(deployment: Deployment): string {
  const authored = deployment.metadata.annotations?.[ANNOTATION.manifest];
  if (authored) return authored;
  const { status: _, metadata, ...rest } = deployment;
  const { generation: _g, resourceVersion: _r, creationTimestamp: _c, annotations, ...kept } = metadata;
  const notes = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith('scorewall.io/'));
  return stringify(
    { ...rest, metadata: { ...kept, ...(notes.length > 0 ? { annotations: Object.fromEntries(notes) } : {}) } },
    { lineWidth: 0, sortMapEntries: false },
  );
}

export const authorOf = (deployment: Deployment): string =>
  deployment.metadata.annotations?.[ANNOTATION.author] ?? 'another writer';
export const messageOf = (deployment: Deployment): string => deployment.metadata.annotations?.[ANNOTATION.message] ?? '';
