/** What a machine fetches that joins: the script at /join, for whoever is no browser, and the packages below /install/. Nobody signs in. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PackageList } from '#contracts/package-list.ts';
import { CarriedPackages } from './carried-packages.ts';
import { fillJoinScript } from './join-script.ts';

export interface InstallSettings {
  /** Text of deploy/install/join.sh. */
  scriptFile: string;
  /** Where packages may lie; the first that has some is taken. */
  packageFolders: readonly string[];
}

export type InstallHandler = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<boolean>;

const FILES = '/install/';
/** Devices that join at the same moment; each takes some 36 MB. */
const DOWNLOADS_MOST = 64;

/** Answers true where the request was for it. */
export function createInstallHandler({ scriptFile, packageFolders }: InstallSettings): InstallHandler {
  const packages = new CarriedPackages(packageFolders);
  let downloads = 0;

  async function sendScript(response: ServerResponse, head: boolean): Promise<void> {
    const carried = await packages.read();
    const script = fillJoinScript(await readFile(scriptFile, 'utf8'), carried?.list);
    response.writeHead(200, { 'Content-Type': 'text/x-shellscript; charset=utf-8', 'Content-Length': Buffer.byteLength(script) });
    response.end(head ? undefined : script);
  }

  async function sendFile(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const carried = await packages.read();
    const file = carried && filesOf(carried.list).find((one) => one.name === name);
    if (!file) return sendWords(response, 404, 'This hub carries no such package. On the hub: npm run package');
    const etag = `"${file.sha256}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { ETag: etag }).end();
    if (downloads >= DOWNLOADS_MOST) {
      response.setHeader('Retry-After', '10');
      return sendWords(response, 503, 'Many devices join at this moment. Try again in a few seconds.');
    }
    downloads += 1;
    try {
      const stream = createReadStream(path.join(carried.folder, file.name));
      response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': file.sizeBytes, ETag: etag });
      if (request.method === 'HEAD') {
        stream.destroy();
        response.end();
      } else await pipeline(stream, response);
    } catch {
      // Cut off: the device sees a file that is too short, and tries again.
      response.destroy();
    } finally {
      downloads -= 1;
    }
  }

  return async (request, response, path) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    // The same address is the page for people who were invited.
    if (path === '/join' && !(request.headers.accept ?? '').includes('text/html')) {
      await sendScript(response, request.method === 'HEAD');
      return true;
    }
    if (!path.startsWith(FILES)) return false;
    await sendFile(request, response, path.slice(FILES.length));
    return true;
  };
}

const filesOf = ({ files, agent }: PackageList) => [files.amd64, files.arm64, agent].filter((file) => file !== undefined);

function sendWords(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${words}\n`);
}
