/** The OpenAPI document of the routes, with closed objects said in JSON Schema's own words. */
import { HUB_VERSION } from '../version.ts';
import type { Api } from './environment.ts';

export function openApiDocument(api: Api): object {
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Scorewall',
      version: HUB_VERSION,
      description: 'Deployments and devices of a fleet. Errors are problem+json; every write names the revision it replaces.',
    },
    security: [{ token: [] }, { session: [] }],
  });
  return closeObjects(document) as object;
}

/** contracts mark them by `closed`: unknown fields are refused, except those that start with `x-`. */
function closeObjects(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closeObjects);
  if (typeof node !== 'object' || node === null) return node;
  const { closed, ...rest } = node as Record<string, unknown>;
  const copy = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, closeObjects(value)]));
  return closed === true ? { ...copy, additionalProperties: false, patternProperties: { '^x-': {} } } : copy;
}
