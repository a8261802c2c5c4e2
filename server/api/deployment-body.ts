/** Reads the body of a deployment: YAML as its author wrote it, or JSON from a program. */
import { nestsTooDeeply } from '#contracts/nesting.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { DeploymentBody } from '../deployments/read-body.ts';
import type { ApiContext } from './environment.ts';
import { unsupportedType } from './problem-response.ts';

export async function deploymentBody(c: ApiContext): Promise<DeploymentBody> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const text = await c.req.text();
  if (type === 'application/yaml') return { manifest: text };
  if (type !== 'application/json') throw unsupportedType();
  if (nestsTooDeeply(text))
    throw new ProblemError(
      'bad-request',
      'This is nested too deeply to be a deployment.',
      'Nothing has changed. Send it flatter.',
    );
  try {
    return { document: JSON.parse(text) };
  } catch (error) {
    throw new ProblemError(
      'bad-request',
      `This is not JSON: ${(error as Error).message}.`,
      'Nothing has changed. Correct it and send it again.',
    );
  }
}

/** Why, in the author's words, URI-encoded because headers carry ASCII only. */
export function messageOf(c: ApiContext): string {
  const header = c.req.header('x-scorewall-message') ?? '';
  try {
    return decodeURIComponent(header).slice(0, 500);
  } catch {
    return header.slice(0, 500);
  }
}
