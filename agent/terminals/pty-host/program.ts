/** What a terminal session runs: a shell of the host, a command in a container, or a container's own terminal. */

export interface TerminalProgram {
  /** Typed bytes. What the program does not take in time is kept up to a bound and then left out. */
  write(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /** Its output waits in the kernel, and then the program does. */
  pause(): void;
  resume(): void;
  /** Asks it to end, and insists. `onExit` follows. */
  end(): void;
}

export interface ProgramEvents {
  onData(bytes: Buffer): void;
  /** Once, after the last data. `message` where something is to be said about it. */
  onExit(exit: { exitCode?: number | undefined; message?: string | undefined }): void;
}

export interface TerminalSize {
  cols: number;
  rows: number;
}

/** Typed ahead of a program that reads nothing: enough for a paste, not for a flood. */
export const INPUT_KEPT_BYTES = 256 * 1024;
export const INSIST_AFTER_MS = 2_000;
