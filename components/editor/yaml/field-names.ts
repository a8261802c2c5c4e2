/** Which fields a manifest may have at a place, read from the contracts' own schema. Pure. */
import { Deployment } from '#contracts/deployment.ts';
import { toJsonSchema } from '#contracts/issue.ts';
import type { Path } from '../../manifest/locate.ts';

export interface FieldName {
  name: string;
  description: string;
}

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: Schema | boolean;
  description?: string;
  enum?: unknown[];
  const?: unknown;
}

let root: (Schema & { $defs?: Record<string, Schema> }) | undefined;

export function fieldNames(path: Path): FieldName[] {
  const names = new Map<string, string>();
  for (const schema of schemasAt(path))
    for (const [name, child] of Object.entries(schema.properties ?? {})) names.set(name, child.description ?? '');
  return [...names].map(([name, description]) => ({ name, description }));
}

/** Fixed values at a place: `PodmanV0`, `Immediate`. */
export const fieldValues = (path: Path): string[] => [
  ...new Set(
    schemasAt(path).flatMap((schema) =>
      [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])].map(String),
    ),
  ),
];

function schemasAt(path: Path): Schema[] {
  root ??= toJsonSchema(Deployment) as Schema & { $defs?: Record<string, Schema> };
  let here = unfold(root);
  for (const step of path) {
    here = here.flatMap((schema) => {
      const child = typeof step === 'number' ? schema.items : (schema.properties?.[step] ?? openChild(schema));
      return child ? unfold(child) : [];
    });
  }
  return here;
}

const openChild = ({ additionalProperties }: Schema) =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

function unfold(schema: Schema, depth = 0): Schema[] {
  const name = schema.$ref?.split('/').at(-1);
  const target = name === undefined ? undefined : root?.$defs?.[name];
  if (depth > 8) return [];
  const all = [...(target ? [target] : []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [schema, ...all.flatMap((one) => unfold(one, depth + 1))];
}
