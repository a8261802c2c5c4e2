/** Reads a manifest's text: one YAML document, and everything wrong with it at its path, line and column. Pure. */
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type YAMLError } from 'yaml';
import { Deployment, MAX_MANIFEST_BYTES } from '#contracts/deployment.ts';
import { type Issue, issuesFromZod } from '#contracts/issue.ts';
import { nestsTooDeeply } from '#contracts/nesting.ts';
import { encodeScore } from '#contracts/score/score.ts';

/** More copies than this from aliases is an attack on memory or a slip; nobody writes such a manifest. */
const MAX_ALIAS_COUNT = 100;
/** Nobody reads more, and each is looked up in the text. */
const MAX_ISSUES = 100;
const KEY_TWICE = 'this key is written twice at the same place. Remove one of the two.';

export type ManifestReading = { deployment: Deployment; issues: Issue[] } | { deployment: undefined; issues: Issue[] };

export function readManifest(text: string): ManifestReading {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > MAX_MANIFEST_BYTES) return refuse(sizeWords(sizeBytes));
  if (nestsTooDeeply(text)) return refuse('This is nested too deeply to be a manifest.');
  const lines = new LineCounter();
  // The parser compares each key with all before it: 25,000 keys would hold this process for half a minute.
  const documents = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false, version: '1.2', lineCounter: lines });
  const [document, second] = [...documents];
  if (!document?.contents) return refuse('The manifest is empty. Start with the hello example.');
  const errors = [...document.errors, ...document.warnings].map((error) => syntaxIssue(error.pos[0], syntaxWords(error), lines));
  errors.push(...repeatedKeys(document).map((offset) => syntaxIssue(offset, KEY_TWICE, lines)));
  if (errors.length > 0) return { deployment: undefined, issues: errors.slice(0, MAX_ISSUES) };
  if (second)
    return refuse('A second document starts here. One manifest holds one deployment: remove the line ---.', {
      ...placeAt(lines, second.contents?.range?.[0] ?? text.length),
    });
  return readDocument(document, lines);
}

/** A deployment that came as JSON: the same checks, without lines. */
export function readDeployment(value: unknown): ManifestReading {
  if (hasPrototypeKey(value)) return refuse('__proto__ cannot be the name of a field. Remove it.');
  const parsed = Deployment.safeParse(value);
  if (!parsed.success) return { deployment: undefined, issues: issuesFromZod(parsed.error) };
  // The input itself, not zod's copy: a copy would follow the schema's order of keys, and devices compare exact text.
  const deployment = value as Deployment;
  // A few aliases of one long text make little YAML and a message that NATS does not carry.
  const sizeBytes = Buffer.byteLength(encodeScore(deployment.spec.score));
  return sizeBytes > MAX_MANIFEST_BYTES ? refuse(sizeWords(sizeBytes)) : { deployment, issues: [] };
}

export const sizeWords = (sizeBytes: number): string =>
  `This manifest has ${Math.ceil(sizeBytes / 1024)} KB. At most ${MAX_MANIFEST_BYTES / 1024} KB are accepted. Split it, or move large values into files on the devices.`;

function readDocument(document: Document, lines: LineCounter): ManifestReading {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return refuse(
      error.message.startsWith('Excessive')
        ? `The aliases (*name) of this manifest unfold into more than ${MAX_ALIAS_COUNT} copies. Nothing was unfolded. Write the values out.`
        : `${error.message}. Nothing was unfolded.`,
    );
  }
  const reading = readDeployment(value);
  const issues = reading.issues
    .slice(0, MAX_ISSUES)
    .map((issue) => ({ ...issue, ...placeAt(lines, offsetOf(document, issue.path)) }));
  return { ...reading, issues };
}

function syntaxIssue(offset: number, words: string, lines: LineCounter): Issue {
  const place = placeAt(lines, offset);
  return { path: [], severity: 'error', message: `Line ${place.line}: ${words}`, ...place };
}

/** Where a key stands that stands before at the same place. */
function repeatedKeys(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name)) offsets.push(startOf(key) ?? 0);
        seen.add(name);
      }
    },
  });
  return offsets;
}

function syntaxWords(error: YAMLError): string {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'this line starts with a tab. YAML wants spaces.';
    case 'TAG_RESOLVE_FAILED':
      return 'tags (!name) have no meaning here. Write the plain value.';
    default:
      return `this cannot be read as YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}.`;
  }
}

/** Where the value at this path begins, its key if there is one, else the nearest place around it that exists. */
function offsetOf(document: Document, path: Issue['path']): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else {
      node = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
      offset = startOf(node) ?? offset;
    }
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

function placeAt(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function hasPrototypeKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasPrototypeKey);
}

const refuse = (message: string, place: Partial<Issue> = {}): ManifestReading => ({
  deployment: undefined,
  issues: [{ path: [], severity: 'error', message, ...place }],
});
