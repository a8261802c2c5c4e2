import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendTo, deleteIn, moveItem, renameKey, setIn } from './edit-manifest.ts';
import { parseText } from './read-manifest.ts';

const AUTHORED = `# vision of the workshop
apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata: { name: vision, owner: kim }   # owner is ours

spec:
  targetDevices:   [alice,   aria]
  score:
    type: PodmanV0
    data:
      services:
      # the eye
      - name: vision
        image:   registry.local/vision:1.4.2    # <1.5, kim
        ports: ["8080:80"]

        x-team: vision          # kept as is
      # the messenger
      - name: broker
        image: 'nats:2'
        env:
          A:  one   # first
          B: "two"
`;
const SERVICES = ['spec', 'score', 'data', 'services'];
const at = (...path: (string | number)[]) => [...SERVICES, ...path];

/** Lines that differ, as a person sees them. */
function changed(before: string, after: string): string[] {
  const old = before.split('\n');
  const now = after.split('\n');
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
}

const edits: [string, (text: string) => string, string[]][] = [
  [
    'an image keeps its comment and its odd spaces',
    (text) => setIn(text, at(0, 'image'), 'registry.local/vision:1.4.3'),
    [
      '-         image:   registry.local/vision:1.4.2    # <1.5, kim',
      '+         image:   registry.local/vision:1.4.3    # <1.5, kim',
    ],
  ],
  [
    'a quoted value stays quoted',
    (text) => setIn(text, at(1, 'image'), 'nats:2.10'),
    ["-         image: 'nats:2'", "+         image: 'nats:2.10'"],
  ],
  [
    'a port in a flow list',
    (text) => setIn(text, at(0, 'ports', 0), '8081:80'),
    ['-         ports: ["8080:80"]', '+         ports: ["8081:80"]'],
  ],
  [
    'one port more',
    (text) => appendTo(text, at(0, 'ports'), '9000:90'),
    ['-         ports: ["8080:80"]', '+         ports: ["8080:80", "9000:90"]'],
  ],
  ['the first port of a service', (text) => appendTo(text, at(1, 'ports'), '4222:4222'), ['+         ports: ["4222:4222"]']],
  ['a new field', (text) => setIn(text, at(1, 'restart'), 'always'), ['+         restart: always']],
  [
    'a new field deep down',
    (text) => setIn(text, at(1, 'resources', 'limits', 'memory'), '512m'),
    ['+         resources:', '+           limits:', '+             memory: 512m'],
  ],
  ['a field removed', (text) => deleteIn(text, at(1, 'env', 'B')), ['-           B: "two"']],
  ['the last entry takes its list along', (text) => deleteIn(text, at(0, 'ports', 0)), ['-         ports: ["8080:80"]']],
  ['a variable renamed', (text) => renameKey(text, at(1, 'env', 'B'), 'C'), ['-           B: "two"', '+           C: "two"']],
  [
    'a service added',
    (text) => appendTo(text, SERVICES, { name: 'web', image: 'nginx' }),
    ['+       - name: web', '+         image: nginx'],
  ],
];

describe('an edit by form', () => {
  it.each(edits)('%s', (_, edit, lines) => expect(changed(AUTHORED, edit(AUTHORED))).toEqual(lines));

  it('moves a service with the comment above it', () => {
    const moved = moveItem(AUTHORED, SERVICES, 1, 0);
    expect(moved.indexOf('# the messenger')).toBeLessThan(moved.indexOf('- name: broker'));
    expect(moved.indexOf('- name: broker')).toBeLessThan(moved.indexOf('# the eye'));
    expect(moved.indexOf('# the eye')).toBeLessThan(moved.indexOf('- name: vision'));
    expect(moveItem(moved, SERVICES, 0, 1).match(/#.*/g)).toHaveLength(7);
  });

  it('writes text that YAML 1.1 readers take for a number in quotes', () => {
    expect(setIn(AUTHORED, at(1, 'env', 'A'), '8080:22')).toContain('A:  "8080:22"   # first');
    expect(appendTo(AUTHORED, at(1, 'ports'), '80')).toContain('ports: ["80"]');
    expect(setIn(AUTHORED, at(1, 'env', 'A'), '12')).toContain('A:  "12"   # first');
  });

  it('drops quotes that only the text before needed', () => {
    const odd = setIn(AUTHORED, at(0, 'image'), '@x');
    expect(odd).toContain('image:   "@x"    # <1.5, kim');
    expect(setIn(odd, at(0, 'image'), 'nginx')).toContain('image:   nginx    # <1.5, kim');
  });

  it('copies an alias before it writes into it', () => {
    const text = 'a: &one\n  x: 1\nb: *one\n';
    const edited = setIn(text, ['b', 'x'], 2);
    expect(parseText(edited).document.toJS()).toEqual({ a: { x: 1 }, b: { x: 2 } });
  });

  it('leaves a text that cannot be read alone', () => expect(setIn('a: [1', ['a'], 2)).toBe('a: [1'));

  const path = fc.constantFrom(
    at(0, 'image'),
    at(0, 'ports', 0),
    at(1, 'env', 'A'),
    at(1, 'env', 'B'),
    at(1, 'image'),
    at(0, 'hostname'),
    ['metadata', 'name'],
    ['spec', 'targetDevices', 1],
  );
  it('says exactly what was typed, whatever it is, and keeps every comment', () => {
    fc.assert(
      fc.property(
        path,
        fc.oneof(
          fc.string(),
          fc.integer(),
          fc.boolean(),
          fc.constantFrom('a: b', '# x', "it's", '"', '- a', '[', '{}', 'yes', 'null', 'a\nb', ' a '),
        ),
        (where, value) => {
          const edited = setIn(AUTHORED, where, value);
          const { document } = parseText(edited);
          const read = where.reduce<unknown>((node, key) => (node as Record<string | number, unknown>)[key], document.toJS());
          expect(read).toEqual(value);
          for (const comment of [
            '# vision of the workshop',
            '# owner is ours',
            '# the eye',
            '# <1.5, kim',
            '# kept as is',
            '# the messenger',
            '# first',
          ])
            expect(edited).toContain(comment);
        },
      ),
    );
  });
});
