/** The web process: one http(s) server in front of the anchor, NATS's websocket and the pages. Holds no keys. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { createInstallHandler } from './install/serve-install.ts';
import { createFront } from './web/front.ts';
import { openNextPages } from './web/next-pages.ts';
import { readWebSettings } from './web/web-settings.ts';

const log = pino({ name: 'web' });

async function main(): Promise<void> {
  const settings = await readWebSettings(process.env);
  const dir = process.env.SCOREWALL_WEB_DIR ?? fileURLToPath(new URL('..', import.meta.url));
  const pages = await openNextPages(dir);
  const install = createInstallHandler({
    scriptFile: path.join(dir, 'deploy', 'install', 'join.sh'),
    packageFolders: [...(settings.packageFolders ?? []), path.join(dir, 'dist', 'packages')],
  });
  const front = createFront(settings, pages.handle, install);
  front.server.on('error', (error) => fail(error));
  front.server.listen(settings.port, settings.host, () => log.info({ address: front.server.address() }, 'pages are open'));

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'closing the pages');
    front
      .close()
      .then(() => pages.close())
      .then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(error: unknown): void {
  log.fatal({ err: error }, 'the pages cannot start');
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 100);
}

main().catch(fail);
