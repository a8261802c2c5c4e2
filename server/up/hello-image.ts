/** The image of the hello example: a page of a few lines served by busybox, put into the local engine so that it needs no registry. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { aptUnpack, hasApt } from './apt.ts';
import type { EngineApi } from './engine-api.ts';
import { SetupError } from './setup-error.ts';
import { toTar } from './tar.ts';

export const HELLO_IMAGES = ['1', '2'].map((version) => ({ version, reference: `localhost/scorewall/hello:${version}` }));

const BUSYBOX_IMAGE = 'docker.io/library/busybox:stable';
/** A program that is process 1 and does not ask for SIGTERM never gets it: the shell asks, so that the service stops at once. */
const COMMAND = ['/bin/busybox', 'sh', '-c', "trap 'exit 0' TERM; /bin/busybox httpd -f -p 80 -h /www & wait"];
const RECIPE_LABEL = 'scorewall.hello';
/** Changes with everything an image is made of but busybox itself: an image of an older recipe is made anew. */
const recipe = (version: string): string =>
  createHash('sha256').update(JSON.stringify(COMMAND)).update(helloPage(version)).digest('hex').slice(0, 16);
const changesFor = (version: string): string =>
  [`CMD ${JSON.stringify(COMMAND)}`, 'EXPOSE 80/tcp', `LABEL ${RECIPE_LABEL}=${recipe(version)}`]
    .map((line) => `&changes=${encodeURIComponent(line)}`)
    .join('');

/** True when something had to be made. */
export async function ensureHelloImages(engine: EngineApi, cacheFolder: string, say: (line: string) => void): Promise<boolean> {
  const missing = [];
  for (const image of HELLO_IMAGES)
    if ((await engine.imageLabels(image.reference))?.[RECIPE_LABEL] !== recipe(image.version)) missing.push(image);
  if (missing.length === 0) return false;
  const busybox = await staticBusybox(cacheFolder, say);
  for (const image of missing) {
    if (busybox) await importImage(engine, image.version, busybox);
    else await deriveImage(engine, image.version, say);
  }
  return true;
}

/** A busybox that runs in an empty container. undefined: this distribution has no package to take it from. */
async function staticBusybox(cacheFolder: string, say: (line: string) => void): Promise<Buffer | undefined> {
  const unpacked = path.join(cacheFolder, 'busybox-static');
  const candidates = [
    '/bin/busybox',
    '/usr/bin/busybox',
    path.join(unpacked, 'bin/busybox'),
    path.join(unpacked, 'usr/bin/busybox'),
  ];
  const find = () =>
    candidates
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file))
      .find(isStatic);
  const found = find();
  if (found || !hasApt()) return found;
  await aptUnpack('busybox-static', unpacked, say);
  return find();
}

/** A program that needs a dynamic linker names it in a PT_INTERP segment of its ELF header. */
export function isStatic(elf: Buffer): boolean {
  const is64 = elf[4] === 2;
  if (elf.length < 64 || elf.readUInt32BE(0) !== 0x7f454c46 || elf[5] !== 1) return false;
  const table = is64 ? Number(elf.readBigUInt64LE(32)) : elf.readUInt32LE(28);
  const [size, count] = is64 ? [elf.readUInt16LE(54), elf.readUInt16LE(56)] : [elf.readUInt16LE(42), elf.readUInt16LE(44)];
  return Array.from({ length: count }, (_, i) => elf.readUInt32LE(table + i * size)).every((type) => type !== 3);
}

async function importImage(engine: EngineApi, version: string, busybox: Buffer): Promise<void> {
  const archive = toTar([
    { name: 'bin/', mode: 0o755 },
    { name: 'bin/busybox', mode: 0o755, content: busybox },
    { name: 'bin/sh', mode: 0o755, linkTo: 'busybox' },
    { name: 'tmp/', mode: 0o1777 },
    ...pageFiles(version),
  ]);
  // The tag rides in `repo`: podman 4 does not read the parameter of its own.
  await engine.expect('POST', `/images/create?fromSrc=-&repo=localhost/scorewall/hello:${version}${changesFor(version)}`, {
    type: 'application/x-tar',
    content: archive,
  });
}

/** Without a package: the same page on top of the public busybox image. */
async function deriveImage(engine: EngineApi, version: string, say: (line: string) => void): Promise<void> {
  if (!(await engine.imageLabels(BUSYBOX_IMAGE))) {
    say(`pulls ${BUSYBOX_IMAGE}`);
    await engine.expect('POST', `/images/create?fromImage=${encodeURIComponent(BUSYBOX_IMAGE)}`);
    if (!(await engine.imageLabels(BUSYBOX_IMAGE)))
      throw new SetupError(
        `${BUSYBOX_IMAGE} could not be pulled, so there is no hello image. Everything else works; check the network and start again.`,
      );
  }
  const created = await engine.expect('POST', '/containers/create', {
    type: 'application/json',
    content: JSON.stringify({ Image: BUSYBOX_IMAGE, Cmd: COMMAND }),
  });
  const { Id } = JSON.parse(created.toString()) as { Id: string };
  try {
    await engine.expect('PUT', `/containers/${Id}/archive?path=/`, {
      type: 'application/x-tar',
      content: toTar(pageFiles(version)),
    });
    await engine.expect('POST', `/commit?container=${Id}&repo=localhost/scorewall/hello&tag=${version}${changesFor(version)}`);
  } finally {
    await engine.call('DELETE', `/containers/${Id}?force=true`);
  }
}

function pageFiles(version: string) {
  return [
    { name: 'www/', mode: 0o755 },
    { name: 'www/index.html', mode: 0o644, content: Buffer.from(helloPage(version)) },
  ];
}

const BACKGROUND: Record<string, string> = { '1': '#0e7c86', '2': '#c4511b' };

export const helloPage = (version: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Hello ${version}</title>
<style>body{margin:0;min-height:100vh;display:grid;place-content:center;text-align:center;color:#fff;background:${BACKGROUND[version] ?? '#333'};font:1.5rem/1.5 system-ui}h1{font-size:4rem;margin:0}</style>
<h1>Hello</h1>
<p>This is hello, version ${version}.</p>
</html>
`;
