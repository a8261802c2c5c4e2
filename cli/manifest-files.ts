/** Reads what `-f` names: a file, every manifest of a folder, or standard input; cut into documents with their text untouched. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { MAX_MANIFEST_BYTES } from '#contracts/deployment.ts';
import { NAME_PATTERN } from '#contracts/name.ts';
import { CliError, EXIT } from './exit-code.ts';

export interface Manifest {
  name: string;
  /** Exactly as its author wrote it. */
  text: string;
  /** `metadata.resourceVersion`, where the author kept it: the revision this text was made from. */
  revision?: number;
  /** File and line, for messages. */
  source: string;
}

const MANIFEST_FILE = /\.(ya?ml|json)$/;

export function readManifests(target: string, readStandardInput = () => readFileSync(0, 'utf8')): Manifest[] {
  const manifests = filesOf(target).flatMap((file) =>
    splitManifests(file === '-' ? readStandardInput() : readText(file), file === '-' ? 'standard input' : file),
  );
  if (manifests.length === 0)
    throw new CliError(
      EXIT.usage,
      `There is no manifest in ${target}.`,
      'Nothing was changed. A manifest is a .yaml, .yml or .json file.',
    );
  const twice = manifests.find((one, index) => manifests.findIndex((other) => other.name === one.name) < index);
  if (twice)
    throw new CliError(
      EXIT.invalid,
      `${twice.source} is a second manifest called ${twice.name}.`,
      'Nothing was changed. Give it another name.',
    );
  return manifests;
}

function filesOf(target: string): string[] {
  if (target === '-') return ['-'];
  const stat = statSync(target, { throwIfNoEntry: false });
  if (!stat) throw new CliError(EXIT.usage, `There is no file ${target}.`, 'Nothing was changed. Check the path after -f.');
  if (!stat.isDirectory()) return [target];
  return readdirSync(target, { recursive: true, encoding: 'utf8' })
    .filter((name) => MANIFEST_FILE.test(name))
    .sort()
    .map((name) => path.join(target, name));
}

function readText(file: string): string {
  const { size } = statSync(file);
  if (size > 64 * MAX_MANIFEST_BYTES)
    throw new CliError(EXIT.invalid, `${file} has ${size} bytes.`, 'Nothing was changed. That is no manifest.');
  return readFileSync(file, 'utf8');
}

/** A line that starts with three dashes always begins a document: YAML allows them at that place for nothing else. */
export function splitManifests(text: string, source: string): Manifest[] {
  const manifests: Manifest[] = [];
  let line = 1;
  for (const [index, part] of text.split(/^---(?=\s|$)/m).entries()) {
    // What follows the dashes on their own line is a remark on the border, unless the document begins there.
    const body = index === 0 ? part : part.replace(/^[ \t]*(#.*)?\r?\n/, '');
    const firstLine = line + (part.length === body.length ? 0 : 1);
    line += part.split('\n').length - 1;
    if (/^\s*(#.*\s*)*$/.test(body)) continue;
    manifests.push(readManifest(body, firstLine > 1 ? `${source}, line ${firstLine}` : source));
  }
  return manifests;
}

function readManifest(text: string, source: string): Manifest {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > MAX_MANIFEST_BYTES)
    throw new CliError(
      EXIT.invalid,
      `The manifest in ${source} has ${sizeBytes} bytes; at most ${MAX_MANIFEST_BYTES} are accepted.`,
      'Nothing was changed. Move large values into the image or a volume.',
    );
  const { name, resourceVersion } = metadataOf(text, source);
  if (typeof name !== 'string' || !NAME_PATTERN.test(name))
    throw new CliError(
      EXIT.invalid,
      name === undefined
        ? `The manifest in ${source} has no metadata.name.`
        : `${JSON.stringify(name)} in ${source} cannot be a name.`,
      'Nothing was changed. Use lower-case letters, digits and dashes, at most 63 characters.',
    );
  const revision = Number(resourceVersion);
  return { name, text, source, ...(Number.isInteger(revision) && revision > 0 ? { revision } : {}) };
}

function metadataOf(text: string, source: string): Record<string, unknown> {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: true });
  const [error] = document.errors;
  if (error)
    throw new CliError(
      EXIT.invalid,
      `The YAML in ${source} cannot be read: ${error.message.split('\n')[0]?.replace(/:$/, '.')}`,
      'Nothing was changed. Correct that line and apply again.',
      error,
    );
  const metadata = document.get('metadata');
  // Only these two words are read here; the hub reads the whole document, with its own limits.
  return isMapping(metadata) ? { name: metadata.get('name'), resourceVersion: metadata.get('resourceVersion') } : {};
}

function isMapping(node: unknown): node is { get(key: string): unknown } {
  return typeof node === 'object' && node !== null && 'get' in node;
}
