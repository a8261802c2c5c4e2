/** Looks a program up the way a shell would. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Debian keeps some of them where an ordinary user's PATH does not look. */
const ALSO = ['/usr/sbin', '/sbin', '/usr/local/sbin'];

export function findOnPath(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter).filter(Boolean), ...ALSO];
  return folders.map((folder) => path.join(folder, program)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
