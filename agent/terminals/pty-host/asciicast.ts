/** What a session shows, as asciicast v3 lines: output and sizes, never what was typed. Times are since the event before. */
import type { Recording } from '#contracts/recording.ts';
import type { OpenRecording } from '../../recordings/open-recording.ts';
import type { TerminalSize } from './program.ts';

export class Asciicast {
  #recording: OpenRecording;
  #decoder = new TextDecoder();
  #lastMs: number;

  constructor(recording: OpenRecording, { cols, rows }: TerminalSize, nowMs: number) {
    this.#recording = recording;
    this.#lastMs = nowMs;
    const header = { version: 3, term: { cols, rows, type: 'xterm-256color' }, timestamp: Math.floor(nowMs / 1000) };
    recording.write(JSON.stringify(header));
  }

  get startedAt(): string {
    return this.#recording.startedAt;
  }

  output(bytes: Uint8Array, nowMs: number): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text) this.#event('o', text, nowMs);
  }

  resize({ cols, rows }: TerminalSize, nowMs: number): void {
    this.#event('r', `${cols}x${rows}`, nowMs);
  }

  control(name: string | undefined): void {
    this.#recording.control(name);
  }

  end(exitCode: number | undefined, nowMs: number): Promise<Recording> {
    if (exitCode !== undefined) this.#event('x', String(exitCode), nowMs);
    return this.#recording.end();
  }

  #event(code: string, data: string, nowMs: number): void {
    const interval = Math.max(0, nowMs - this.#lastMs) / 1000;
    this.#lastMs = nowMs;
    this.#recording.write(JSON.stringify([interval, code, data]));
  }
}
