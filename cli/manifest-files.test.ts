import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { readManifests, splitManifests } from './manifest-files.ts';

const manifest = (name: string) => `# why ${name}\nmetadata:\n  name: ${name}   # kept\n`;

describe('manifests', () => {
  it('are cut into documents with their text untouched', () => {
    const [one, two, ...more] = splitManifests(`${manifest('a')}--- # next\n${manifest('b')}---\n\n# only a comment\n`, 'x.yaml');
    expect(one).toEqual({ name: 'a', text: manifest('a'), source: 'x.yaml' });
    expect(two).toEqual({ name: 'b', text: manifest('b'), source: 'x.yaml, line 5' });
    expect(more).toEqual([]);
  });

  it('a line of dashes inside a text block is not a border', () => {
    const text = 'metadata:\n  name: a\nx-note: |\n  one\n  ---\n  two\n';
    expect(splitManifests(text, 'x.yaml').map((one) => one.text)).toEqual([text]);
  });

  it('keep the revision their author started from', () => {
    expect(splitManifests('metadata: { name: a, resourceVersion: "17" }', 'x')[0]?.revision).toBe(17);
  });

  it('come from a file, a folder or standard input', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'scorewall-cli-'));
    mkdirSync(path.join(folder, 'deep'));
    writeFileSync(path.join(folder, 'b.yml'), manifest('b'));
    writeFileSync(path.join(folder, 'deep', 'c.json'), '{"metadata":{"name":"c"}}');
    writeFileSync(path.join(folder, 'notes.txt'), 'no manifest');
    expect(readManifests(folder).map((one) => one.name)).toEqual(['b', 'c']);
    expect(readManifests(path.join(folder, 'b.yml'))).toHaveLength(1);
    expect(readManifests('-', () => manifest('d'))[0]).toMatchObject({ name: 'd', source: 'standard input' });
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['metadata: { name: "*" }', /"\*" in standard input cannot be a name/, EXIT.invalid],
    ['spec: {}', /has no metadata.name/, EXIT.invalid],
    ['a: [', /cannot be read/, EXIT.invalid],
    ['# nothing', /no manifest/, EXIT.usage],
    [`${manifest('a')}---\n${manifest('a')}`, /second manifest called a/, EXIT.invalid],
    [`metadata: { name: a }\nx-big: ${'y'.repeat(300_000)}`, /at most 262144/, EXIT.invalid],
  ])('%j is refused in words', (text, message, exitCode) => {
    const read = () => readManifests('-', () => text);
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ exitCode, detail: expect.stringContaining('Nothing was changed') }));
  });

  it('an alias bomb is not blown up', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `x${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(',')}]`);
    const [one] = splitManifests(`metadata: { name: bomb }\nx0: &l0 [lol]\n${levels.join('\n')}\n`, 'x');
    expect(one?.name).toBe('bomb');
  });
});
