/** The kept revisions of a deployment, deletions among them. */
import type { DeploymentRevision } from '#contracts/api.ts';
import { HEADER } from '#contracts/buckets.ts';
import type { Deployment } from '#contracts/deployment.ts';
import { ANNOTATION } from '#contracts/deployment.ts';
import { type Bucket, isDeleted } from '../kv/bucket.ts';
import type { StoredMessage } from '../kv/follow-stream.ts';
import { manifestOf } from './stored-deployment.ts';

/** On the marker of a deletion: who, and which revision for people it is. */
export const DELETION_HEADER = { author: 'Scorewall-Author', generation: HEADER.generation } as const;

/** Oldest first. A deletion counts as a revision of its own. */
export async function readHistory(bucket: Bucket<Deployment>, name: string): Promise<DeploymentRevision[]> {
  const revisions: DeploymentRevision[] = [];
  for (const message of await bucket.history(name)) {
    const previous = revisions.at(-1)?.generation ?? 0;
    const revision = isDeleted(message) ? deletion(message, previous + 1) : writing(bucket, message);
    if (revision) revisions.push(revision);
  }
  return revisions;
}

function writing(bucket: Bucket<Deployment>, message: StoredMessage): DeploymentRevision | undefined {
  const entry = bucket.decode(message);
  if (!entry) return undefined;
  const { generation = 1, annotations = {}, creationTimestamp } = entry.value.metadata;
  return {
    generation,
    revision: entry.revision,
    createdAt: creationTimestamp ?? entry.storedAt.toISOString(),
    author: annotations[ANNOTATION.author] ?? '',
    message: annotations[ANNOTATION.message] ?? '',
    deleted: false,
    manifest: manifestOf(entry.value),
  };
}

const deletion = (message: StoredMessage, next: number): DeploymentRevision => ({
  generation: Number(message.header(DELETION_HEADER.generation) ?? next),
  revision: message.revision,
  createdAt: message.storedAt.toISOString(),
  author: message.header(DELETION_HEADER.author) ?? '',
  message: '',
  deleted: true,
  manifest: '',
});
