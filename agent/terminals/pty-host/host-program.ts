/** A login shell of the agent's own user in a PTY. Its environment is made anew: nothing of the agent's gets into it. */
import { accessSync, constants, writeSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { type IPty, spawn } from '@lydell/node-pty';
import { INPUT_KEPT_BYTES, INSIST_AFTER_MS, type ProgramEvents, type TerminalProgram, type TerminalSize } from './program.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const FULL_RETRY_MS = 10;
const PASSED_ON = ['LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'XDG_RUNTIME_DIR'] as const;

export class HostProgram implements TerminalProgram {
  #pty: IPty;
  #input: InputQueue;
  #ended = false;
  #insist: NodeJS.Timeout | undefined;

  constructor({ cols, rows }: TerminalSize, events: ProgramEvents) {
    const { shell, home, env } = hostShell();
    const options = { name: 'xterm-256color', cols, rows, cwd: home, env, encoding: null };
    this.#pty = spawn(shell, ['-l'], options);
    // The type says string; with `encoding: null` they are bytes.
    this.#pty.onData((bytes) => events.onData(bytes as unknown as Buffer));
    this.#pty.onExit(({ exitCode, signal }) => {
      this.#ended = true;
      clearTimeout(this.#insist);
      this.#input.stop();
      events.onExit({ exitCode: signal ? 128 + signal : exitCode });
    });
    this.#input = new InputQueue((this.#pty as unknown as { fd: number }).fd);
  }

  write(bytes: Uint8Array): void {
    this.#input.push(bytes);
  }

  resize(cols: number, rows: number): void {
    if (this.#ended) return;
    try {
      this.#pty.resize(cols, rows);
    } catch {
      // It ended in this moment; `onExit` tells.
    }
  }

  pause(): void {
    if (!this.#ended) this.#pty.pause();
  }

  resume(): void {
    if (!this.#ended) this.#pty.resume();
  }

  end(): void {
    if (this.#ended) return;
    // A paused program may hang in a write and would not hear of its end.
    this.#pty.resume();
    this.#pty.kill('SIGHUP');
    this.#insist ??= setTimeout(() => {
      if (!this.#ended) killGroup(this.#pty.pid);
    }, INSIST_AFTER_MS);
  }
}

/**
 * The library's own queue has no bound and spins while the program reads nothing. The terminal never blocks, so a key is written at
 * once: by way of a thread its echo would come a fifth of a millisecond later.
 */
class InputQueue {
  #fd: number;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  push(bytes: Uint8Array): void {
    if (this.#stopped || bytes.length === 0 || this.#keptBytes + bytes.length > INPUT_KEPT_BYTES) return;
    this.#kept.push(bytes);
    this.#keptBytes += bytes.length;
    if (!this.#retry) this.#write();
  }

  stop(): void {
    clearTimeout(this.#retry);
    this.#stopped = true;
    this.#kept = [];
  }

  #write(): void {
    this.#retry = undefined;
    try {
      for (let bytes = this.#kept[0]; bytes; bytes = this.#kept[0]) {
        const written = writeSync(this.#fd, bytes);
        this.#keptBytes -= written;
        if (written < bytes.length) this.#kept[0] = bytes.subarray(written);
        else this.#kept.shift();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') this.#retry = setTimeout(() => this.#write(), FULL_RETRY_MS);
      else this.stop();
    }
  }
}

function hostShell() {
  const { shell: own, username } = userInfo();
  const home = homedir();
  const shell = [own, '/bin/bash', '/bin/sh'].find((path) => path && isShell(path)) ?? '/bin/sh';
  const env: Record<string, string> = {
    HOME: home,
    USER: username,
    LOGNAME: username,
    SHELL: shell,
    PATH: process.env.PATH ?? DEFAULT_PATH,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
  };
  for (const name of PASSED_ON) if (process.env[name]) env[name] = process.env[name];
  return { shell, home: isFolder(home) ? home : '/', env };
}

function isShell(path: string): boolean {
  if (/\/(nologin|false)$/.test(path)) return false;
  return can(path, constants.X_OK);
}

const isFolder = (path: string) => can(path, constants.X_OK);

function can(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function killGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}
