/** A deployment as the bucket keeps it: the author's document, plus what the hub notes on it. Pure. */
import { stringify } from 'yaml';
import type { DeploymentEntry } from '#contracts/api.ts';
import { ANNOTATION, type Deployment, type DeploymentStatus } from '#contracts/deployment.ts';
import type { Entry } from '../kv/bucket.ts';

const HUB_PREFIX = 'scorewall.io/';

export interface Authorship {
  /** YAML as written; absent when it came as JSON. */
  manifest?: string | undefined;
  author: string;
  message: string;
  generation: number;
  now: Date;
}

export function toStored(document: Deployment, { manifest, author, message, generation, now }: Authorship): Deployment {
  const { status: _status, ...clean } = withoutHubFields(document);
  return {
    ...clean,
    metadata: {
      ...clean.metadata,
      generation,
      creationTimestamp: now.toISOString(),
      annotations: {
        ...clean.metadata.annotations,
        [ANNOTATION.manifest]: manifest ?? toYaml(document),
        [ANNOTATION.author]: author,
        [ANNOTATION.message]: message,
      },
    },
  };
}

/** The text the author would have written, for a deployment that came as JSON. */
export function toYaml(document: Deployment): string {
  const { status: _status, ...clean } = withoutHubFields(document);
  return stringify(clean, { lineWidth: 0 });
}

export const manifestOf = (deployment: Deployment): string =>
  deployment.metadata.annotations?.[ANNOTATION.manifest] ?? toYaml(deployment);

/** The answer of the API: the revision is written into the document, as in other systems of this kind. */
export function toEntry(
  { revision, value }: Pick<Entry<Deployment>, 'revision' | 'value'>,
  status?: Pick<Entry<DeploymentStatus>, 'revision' | 'value'>,
): DeploymentEntry {
  const deployment = { ...value, metadata: { ...value.metadata, resourceVersion: String(revision) } };
  return { revision, deployment, ...(status ? { status: status.value, statusRevision: status.revision } : {}) };
}

function withoutHubFields(document: Deployment): Deployment {
  const { generation: _g, resourceVersion: _r, creationTimestamp: _c, annotations, ...metadata } = document.metadata;
  const own = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith(HUB_PREFIX));
  return { ...document, metadata: { ...metadata, ...(own.length > 0 ? { annotations: Object.fromEntries(own) } : {}) } };
}
