/** Reads a manifest's text: the YAML document, its value, and everything wrong with it at its line and column. */

import { type Document, isAlias, LineCounter, parseDocument, visit } from 'yaml';
import { Deployment, MAX_MANIFEST_BYTES } from '#contracts/deployment.ts';
import { type Issue, issuesFromZod } from '#contracts/issue.ts';
import { nestsTooDeeply } from '#contracts/nesting.ts';
import { keptKeys } from './kept-keys.ts';
import { type Path, type Place, placeAt, rangeOf } from './locate.ts';
import { syntaxTroubles } from './syntax-words.ts';

/** More copies than this from aliases is an attack on memory or a slip; nobody writes such a manifest. */
const MAX_ALIAS_COUNT = 100;
const PARSE_OPTIONS = { prettyErrors: false, uniqueKeys: true, version: '1.2' } as const;

/** A change of the document that makes an issue go away, with the words of its button. */
export interface Fix {
  label: string;
  path: (string | number)[];
  value: unknown;
}

export interface ManifestIssue extends Place {
  path: (string | number)[];
  message: string;
  /** A note needs nothing; a warning does not stop the deployment; an error does. */
  severity: 'error' | 'warning' | 'note';
  suggestion?: string | undefined;
  fixes?: Fix[] | undefined;
}

export interface Manifest {
  text: string;
  /** False: the text is not YAML; there is no document to show as a form. */
  readable: boolean;
  document: Document.Parsed | undefined;
  lines: LineCounter;
  value: unknown;
  /** The deployment, when the document is one without errors. */
  deployment: Deployment | undefined;
  issues: ManifestIssue[];
}

export function parseText(text: string): { document: Document.Parsed; lines: LineCounter } {
  const lines = new LineCounter();
  return { document: parseDocument(text, { ...PARSE_OPTIONS, lineCounter: lines }), lines };
}

export function readManifest(text: string): Manifest {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_MANIFEST_BYTES) {
    const size = `This manifest has ${Math.ceil(bytes / 1024)} KB. At most ${MAX_MANIFEST_BYTES / 1024} KB are accepted. Split it, or move large values into files on the devices.`;
    return unreadable(text, new LineCounter(), [whole(size)]);
  }
  if (nestsTooDeeply(text)) return unreadable(text, new LineCounter(), [whole('This is nested too deeply to be a manifest.')]);
  return readDocument(text);
}

function readDocument(text: string): Manifest {
  const { document, lines } = parseText(text);
  // A tag nobody knows is only a warning to the parser; to the hub it has no meaning.
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    const issues = syntaxTroubles(text, errors).map(({ message, from, to }): ManifestIssue => {
      const place = placeAt(lines, { from, to });
      return { ...place, path: [], severity: 'error', message: `Line ${place.line}: ${message}` };
    });
    return unreadable(text, lines, issues);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return unreadable(text, lines, [aliasIssue(document, lines)]);
  }
  if (document.contents === null)
    return unreadable(text, lines, [whole('The manifest is empty. Start with the hello example, or paste a compose file.')]);
  const parsed = Deployment.safeParse(value);
  const issues = parsed.success ? [] : issuesFromZod(parsed.error).map((issue) => atItsPlace(document, lines, text, issue));
  const notes = keptKeys(value).map(({ path, message }) =>
    atItsPlace(document, lines, text, { path: [...path], message, severity: 'note' }),
  );
  return {
    text,
    readable: true,
    document,
    lines,
    value,
    deployment: parsed.success ? parsed.data : undefined,
    issues: [...issues, ...notes],
  };
}

/** Gives an issue that is known by its path (from the schema, from other deployments, from the hub) its place in the text. */
export function locateIssue(
  manifest: Manifest,
  issue: { path: Path; message: string; severity: ManifestIssue['severity']; suggestion?: string | undefined; fixes?: Fix[] },
): ManifestIssue {
  const { document, lines, text } = manifest;
  if (!document) return { ...issue, path: [...issue.path], from: 0, to: 0, line: 1, column: 1 };
  return atItsPlace(document, lines, text, issue);
}

function atItsPlace(
  document: Document,
  lines: LineCounter,
  text: string,
  issue: Omit<ManifestIssue, keyof Place | 'path'> & { path: Path },
): ManifestIssue {
  return { ...issue, path: [...issue.path], ...placeAt(lines, rangeOf(document, issue.path, text)) };
}

function aliasIssue(document: Document, lines: LineCounter): ManifestIssue {
  let first: { name: string; at: [number, number] } | undefined;
  let unresolved: typeof first;
  visit(document, {
    Alias(_, node) {
      const at: [number, number] = [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
      first ??= { name: node.source, at };
      if (!isAlias(node) || node.resolve(document) === undefined) unresolved ??= { name: node.source, at };
    },
  });
  const { name, at } = unresolved ?? first ?? { name: '', at: [0, 0] };
  const place = placeAt(lines, { from: at[0], to: at[1] });
  const message = unresolved
    ? `Line ${place.line}: *${name} refers to &${name}, which is not written above it.`
    : `Line ${place.line}: *${name} unfolds into more than ${MAX_ALIAS_COUNT} copies. Nothing was unfolded. Write the values out.`;
  return { ...place, path: [], severity: 'error', message };
}

const whole = (message: string): ManifestIssue => ({ path: [], message, severity: 'error', from: 0, to: 0, line: 1, column: 1 });

function unreadable(text: string, lines: LineCounter, issues: ManifestIssue[]): Manifest {
  return { text, readable: false, document: undefined, lines, value: undefined, deployment: undefined, issues };
}

export const hasErrors = (issues: readonly { severity: Issue['severity'] | 'note' }[]): boolean =>
  issues.some((issue) => issue.severity === 'error');
