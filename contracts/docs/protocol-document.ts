/** The text of docs/protocol.md: names of buckets, subjects and labels, and a table of fields for each schema. */
import { BUCKET, HEADER, STREAM } from '../buckets.ts';
import { CONTAINER_LABEL } from '../container.ts';
import { toJsonSchema } from '../issue.ts';
import { subjects } from '../subjects.ts';
import { DOCUMENTED } from './schemas.ts';

interface Node {
  $ref?: string;
  $defs?: Record<string, Node>;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  anyOf?: Node[];
  oneOf?: Node[];
  allOf?: Node[];
  enum?: unknown[];
  const?: unknown;
  additionalProperties?: Node | boolean;
}

const list = (rows: [string, string][]) => rows.map(([name, text]) => `| \`${name}\` | ${text} |`).join('\n');

export function protocolDocument(): string {
  return `# Protocol

Generated from \`contracts/\` by \`npm run docs\`; do not edit. JSON Schemas are in [reference/](reference/).

The thread: somebody writes a [Deployment](#deployment); the hub turns it into one [Score](#score) a device; the device runs it and
reports a [DeviceStatus](#devicestatus). Every message only means "look again": the newest value of a key is the truth.

## Buckets and streams

| Name | Holds |
|---|---|
${list([
  [BUCKET.deployments, 'Deployments, by name, 64 revisions'],
  [BUCKET.deploymentStatus, 'Their status, by name'],
  [BUCKET.desiredState, 'Scores, by `<device>.<deployment>`; republished on `desired-state.>`'],
  [BUCKET.desiredIndex, 'The list of keys of each device, by device'],
  [
    BUCKET.status,
    'The last report of each device, by device; the stream listens on `status.*`, without rollup, purge or acknowledgement',
  ],
  [BUCKET.devices, 'The registry, by device'],
  [BUCKET.users, 'People and their password hashes; never republished'],
  [BUCKET.sessions, 'Browser sessions and API tokens, by SHA-256; never republished'],
  [STREAM.events, 'What happened on the devices, seven days'],
  [STREAM.audit, 'Who did what'],
])}

## Subjects

| Subject | Carries |
|---|---|
${list([
  [subjects.status('device'), 'a report, from the device'],
  [subjects.event('device'), 'an event, from the device'],
  [subjects.desiredOf('device'), 'republished Scores: a hint to read the key again'],
  [subjects.getDesired('device', 'deployment'), 'direct get of a Score'],
  [subjects.getDesiredIndex('device'), "direct get of a device's index"],
  [subjects.wall.status, 'republished reports, for the wall'],
  [subjects.wall.presence, 'connections that came or went'],
  [subjects.wall.event, 'republished events'],
  [subjects.wall.deployment, 'republished deployments'],
  [subjects.wall.deploymentStatus, 'republished deployment status'],
  [subjects.wall.device, 'republished registry'],
])}

In the rows above \`device\` and \`deployment\` stand for names.

## Headers and labels

| Name | On | Meaning |
|---|---|---|
| \`${HEADER.controller}\` | \`desired-state\` messages | the key belongs to the deployment controller; keys without it are somebody else's and are left alone |
| \`${HEADER.generation}\` | \`desired-state\` messages | the deployment's generation |
| \`${CONTAINER_LABEL.device}\` | containers | the device |
| \`${CONTAINER_LABEL.deployment}\` | containers | the deployment |
| \`${CONTAINER_LABEL.service}\` | containers | the service |
| \`${CONTAINER_LABEL.score}\` | containers | the service's exact Score text; equal text means nothing to do |
| \`${CONTAINER_LABEL.fleet}\` | containers | the fleet, where several share one engine |

${DOCUMENTED.map(({ name, title, schema, intro }) => section(title, name, intro, toJsonSchema(schema) as Node)).join('\n')}`;
}

function section(title: string, name: string, intro: string, schema: Node): string {
  const rows = fields(schema, schema.$defs ?? {}, '', new Set());
  return `## ${title}

${intro} [JSON Schema](reference/${name}.schema.json)

| Field | Type | |
|---|---|---|
${rows.join('\n')}
`;
}

function fields(node: Node, defs: Record<string, Node>, prefix: string, seen: ReadonlySet<string>): string[] {
  const [target, trail] = resolve(node, defs, seen);
  if (!target) return [];
  const rows: string[] = [];
  for (const branch of target.anyOf ?? target.oneOf ?? []) {
    const [inner] = resolve(branch, defs, trail);
    if (inner?.properties) rows.push(...fields(branch, defs, prefix, trail));
  }
  for (const [key, child] of Object.entries(target.properties ?? {})) {
    const path = prefix ? `${prefix}.${key}` : key;
    const [resolved] = resolve(child, defs, new Set());
    const description = child.description ?? resolved?.description ?? '';
    const row = `| \`${path}\`${target.required?.includes(key) ? '' : ' (optional)'} | ${typeOf(child, defs)} | ${description.replaceAll('|', '\\|')} |`;
    if (!rows.includes(row)) rows.push(row);
    for (const nested of fields(child, defs, path, trail)) if (!rows.includes(nested)) rows.push(nested);
  }
  if (target.items) rows.push(...fields(target.items, defs, `${prefix}[]`, trail));
  return rows;
}

function resolve(node: Node, defs: Record<string, Node>, seen: ReadonlySet<string>): [Node | undefined, ReadonlySet<string>] {
  if (!node.$ref) return [node, seen];
  const id = node.$ref.replace('#/$defs/', '');
  return seen.has(id) ? [undefined, seen] : [defs[id], new Set([...seen, id])];
}

function typeOf(node: Node, defs: Record<string, Node>): string {
  const [target] = resolve(node, defs, new Set());
  if (!target) return 'object';
  if (target.const !== undefined) return `\`${JSON.stringify(target.const)}\``;
  if (target.enum) return target.enum.map((value) => `\`${String(value)}\``).join(', ');
  const branches = target.anyOf ?? target.oneOf;
  if (branches) return [...new Set(branches.map((branch) => typeOf(branch, defs)))].join(' or ');
  if (target.type === 'array') return `list of ${target.items ? typeOf(target.items, defs) : 'anything'}`;
  if (target.type === 'object') return target.properties ? 'object' : 'map';
  return Array.isArray(target.type) ? target.type.join(' or ') : (target.type ?? 'anything');
}
