/** ttyd, the terminal in a browser that ours is measured against: found on this machine, started and ended with the bench. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '#e2e/stack/eventually.ts';
import { freePort } from '#e2e/stack/free-port.ts';
import { Program } from '#e2e/stack/program.ts';

export interface Ttyd {
  port: number;
  url: string;
  stop(): Promise<void>;
}

/** undefined where there is none: the bench says so, and has nothing to compare with. */
export async function startTtyd(): Promise<Ttyd | undefined> {
  const file = (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, 'ttyd'))
    .find((one) => existsSync(one));
  if (!file) return undefined;
  const port = await freePort('127.0.0.1');
  // A page busy with a flood answers no ping in time: at the default of 5 s ttyd would end the session being measured.
  const program = new Program({
    name: 'ttyd',
    command: file,
    args: ['--port', String(port), '--interface', '127.0.0.1', '--ping-interval', '300', '--writable', '/bin/bash', '-l'],
    env: {},
  });
  program.start();
  const url = `http://127.0.0.1:${port}`;
  await eventually('ttyd answers', async () => (await fetch(url)).ok);
  return { port, url, stop: () => program.stop() };
}
