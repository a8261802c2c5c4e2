/** Reads this machine's own apt sources and turns them into sources of the distribution's newest suite. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface AptSource {
  uri: string;
  suites: string[];
  components: string[];
  /** `signed-by`, `trusted` and the like, without the architecture. */
  options: string[];
}
export interface Distribution {
  id: string;
  codename: string;
}

/** Where a distribution keeps what is newest, by its ID in os-release. */
const NEWEST_SUITE: Record<string, string> = { debian: 'sid', ubuntu: 'devel' };
const ROLLING_SUITES = ['stable', 'testing', 'unstable', 'sid', 'devel'];

export async function readDistribution(): Promise<Distribution> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  const ubuntu = field('UBUNTU_CODENAME');
  return ubuntu ? { id: 'ubuntu', codename: ubuntu } : { id: field('ID'), codename: field('VERSION_CODENAME') };
}

export async function readAptSources(etc = '/etc/apt'): Promise<AptSource[]> {
  const parts = (await readdir(join(etc, 'sources.list.d')).catch(() => [])).sort();
  const files = ['sources.list', ...parts.map((name) => join('sources.list.d', name))];
  const parsed = await Promise.all(
    files.map(async (name) => {
      const text = await readFile(join(etc, name), 'utf8').catch(() => '');
      if (name.endsWith('.sources')) return parseDeb822(text);
      return name.endsWith('.list') ? parseOneLine(text) : [];
    }),
  );
  return parsed.flat();
}

/** `deb [signed-by=...] URI suite component ...` */
export function parseOneLine(text: string): AptSource[] {
  return [...text.matchAll(/^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s+([^#\n]+)/gm)].map(
    ([, options = '', uri = '', suite = '', components = '']) => ({
      uri,
      suites: [suite],
      components: words(components),
      options: words(options).filter((option) => !/^arch[+-]?=/.test(option)),
    }),
  );
}

/** The newer form: paragraphs of `Field: value`. */
export function parseDeb822(text: string): AptSource[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => {
      const plain = paragraph.replace(/^#.*\n?/gm, '');
      const field = (name: string) => new RegExp(`^${name}:[ \t]*(.*(?:\n[ \t]+.*)*)`, 'im').exec(plain)?.[1]?.trim() ?? '';
      const signedBy = field('Signed-By');
      return {
        isBinary: words(field('Types')).includes('deb') && field('Enabled').toLowerCase() !== 'no',
        uris: words(field('URIs')),
        suites: words(field('Suites')),
        components: words(field('Components')),
        // A key written into the file itself has no short form; apt's trusted keys have to do then.
        options: signedBy.startsWith('/') ? [`signed-by=${words(signedBy).join(',')}`] : [],
      };
    })
    .filter(({ isBinary }) => isBinary)
    .flatMap(({ uris, suites, components, options }) => uris.map((uri) => ({ uri, suites, components, options })));
}

/** One source line for each archive of the distribution itself, without its updates and without anybody else's. */
export function newestSuiteSources(
  sources: readonly AptSource[],
  { id, codename }: Distribution,
): { uri: string; suite: string; line: string }[] {
  const suite = NEWEST_SUITE[id];
  if (!suite) return [];
  const own = sources.filter(
    ({ suites, components }) =>
      suites.some((each) => each === codename || ROLLING_SUITES.includes(each)) && components.includes('main'),
  );
  const lines = own.map(({ uri, components, options }) => ({
    uri,
    suite,
    line: `deb ${options.length > 0 ? `[${options.join(' ')}] ` : ''}${uri} ${suite} ${components.join(' ')}`,
  }));
  return lines.filter(({ line }, index) => lines.findIndex((each) => each.line === line) === index);
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
