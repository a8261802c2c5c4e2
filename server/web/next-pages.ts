/** The pages: Next's production handler inside this process. */
import { createServer } from 'node:http';
import type { PageHandler } from './front.ts';

export async function openNextPages(dir: string): Promise<{ handle: PageHandler; close: () => Promise<void> }> {
  // React and Next choose their build by these when they are loaded, hence the late import.
  Object.assign(process.env, { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' });
  const { default: next } = await import('next');
  // A server of its own that never listens: else Next would attach itself to ours for websocket upgrades, which are the tunnel's.
  const app = next({ dir, dev: false, quiet: true, httpServer: createServer() });
  await app.prepare();
  const handle = app.getRequestHandler();
  return { handle: (request, response) => handle(request, response), close: () => app.close() };
}
