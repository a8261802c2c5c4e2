/** Where everything of one hub is kept: the folder given by `--home`, readable by its owner alone. */
import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Linux keeps the path of a unix socket in 108 bytes, macOS in 104. */
const SOCKET_PATH_MAX = 103;

export interface Home {
  root: string;
  run: string;
  pids: string;
  keys: string;
  runFile: string;
  /** Tells two hubs on one machine apart; becomes a container label, so that neither touches the other's containers. */
  fleet: string;
  device(name: string): string;
  log(process: string): string;
  socket(name: string): string;
}

export function openHome(folder: string): Home {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const root = realpathSync(folder);
  const run = path.join(root, 'run');
  const pids = path.join(run, 'pids');
  for (const one of [run, pids, path.join(root, 'keys'), path.join(root, 'devices')])
    mkdirSync(one, { recursive: true, mode: 0o700 });
  const fleet = createHash('sha256').update(root).digest('hex').slice(0, 8);
  return {
    root,
    run,
    pids,
    keys: path.join(root, 'keys'),
    runFile: path.join(root, 'run.json'),
    fleet,
    device: (name) => path.join(root, 'devices', name),
    log: (process) => path.join(run, `${process}.log`),
    socket: (name) => socketPath(run, fleet, name),
  };
}

/** Beside the logs where the path is short enough for a socket, else in a private folder under the machine's temporary one. */
function socketPath(run: string, fleet: string, name: string): string {
  const wanted = path.join(run, `${name}.sock`);
  if (Buffer.byteLength(wanted) <= SOCKET_PATH_MAX) return wanted;
  const folder = path.join(tmpdir(), `scorewall-${process.getuid?.() ?? 0}-${fleet}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return path.join(folder, `${name}.sock`);
}
