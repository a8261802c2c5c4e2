/** What somebody sent as a deployment, checked as a document. */
import type { Deployment } from '#contracts/deployment.ts';
import type { Issue } from '#contracts/issue.ts';
import { type ManifestReading, readDeployment, readManifest } from './read-manifest.ts';

/** A manifest as its author wrote it, or a deployment from a program. */
export type DeploymentBody = { manifest: string } | { document: unknown };

export function readBody(body: DeploymentBody, name: string): ManifestReading {
  const reading = 'manifest' in body ? readManifest(body.manifest) : readDeployment(body.document);
  if (!reading.deployment || reading.deployment.metadata.name === name) return reading;
  return { deployment: undefined, issues: [otherName(reading.deployment, name)] };
}

const otherName = ({ metadata }: Deployment, name: string): Issue => ({
  path: ['metadata', 'name'],
  severity: 'error',
  message: `This manifest is called ${metadata.name}, but it was sent to ${name}. Use one name for both.`,
  suggestion: name,
});

export const isError = ({ severity }: Issue): boolean => severity === 'error';
