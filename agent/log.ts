/** Log lines for journald (`<priority>` prefix), for a terminal, or as JSON for everything else. Fields are facts, never secrets. */

export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Priorities of syslog(3), which journald reads from the start of a line. */
const PRIORITY: Record<LogLevel, number> = { debug: 7, info: 6, warn: 4, error: 3 };

export type LogFormat = 'journal' | 'text' | 'json';

export interface LogOptions {
  level: LogLevel;
  format: LogFormat;
  write(line: string): void;
  now?: () => Date;
}

export function logFormatFor(env: NodeJS.ProcessEnv, isTerminal: boolean): LogFormat {
  if (env.JOURNAL_STREAM) return 'journal';
  return isTerminal ? 'text' : 'json';
}

export function createLogger({ level, format, write, now = () => new Date() }: LogOptions): Logger {
  const threshold = LOG_LEVELS.indexOf(level);
  const at = (line: LogLevel) => (fields: object, message: string) => {
    if (LOG_LEVELS.indexOf(line) < threshold) return;
    write(formatLine(format, line, now(), fields, message));
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export function formatLine(format: LogFormat, level: LogLevel, at: Date, fields: object, message: string): string {
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, value instanceof Error ? value.message : value] as const);
  if (format === 'json') return `${JSON.stringify({ at: at.toISOString(), level, message, ...Object.fromEntries(facts) })}\n`;
  const words = [message, ...facts.map(([name, value]) => `${name}=${word(value)}`)].join(' ');
  // journald ends an entry at a line feed: the rest would lose its priority.
  const line = words.replaceAll('\n', ' ⏎ ');
  return format === 'journal' ? `<${PRIORITY[level]}>${line}\n` : `${at.toISOString()} ${level.padEnd(5)} ${line}\n`;
}

const word = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : (JSON.stringify(value) ?? 'undefined');
