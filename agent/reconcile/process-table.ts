/** The kernel's list of processes. An agent in a container of its own sees another list, so a missing process is a hint, no proof. */
import { existsSync } from 'node:fs';

export const hasProcess = (pid: number): boolean => existsSync(`/proc/${pid}`);
