import { describe, expect, it } from 'vitest';
import { createLogger, type LogFormat, logFormatFor } from './log.ts';

const write = (format: LogFormat, log: (logger: ReturnType<typeof createLogger>) => void) => {
  const lines: string[] = [];
  log(createLogger({ level: 'info', format, write: (line) => lines.push(line), now: () => new Date(0) }));
  return lines.join('');
};

describe('a log line', () => {
  it('begins with its priority for journald, and stays one line', () => {
    const lines = write('journal', (log) => {
      log.debug({}, 'Not said.');
      log.warn({ server: 'hub:4222', why: 'two\nlines' }, 'Gone.');
    });
    expect(lines).toBe('<4>Gone. server=hub:4222 why="two\\nlines"\n');
  });

  it('is JSON for a collector; an error is its message', () => {
    const lines = write('json', (log) => log.error({ error: new Error('no space'), path: undefined }, 'Not saved.'));
    expect(JSON.parse(lines)).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      level: 'error',
      message: 'Not saved.',
      error: 'no space',
    });
  });

  it('takes the form its reader understands', () => {
    expect(logFormatFor({ JOURNAL_STREAM: '8:1' }, false)).toBe('journal');
    expect(logFormatFor({}, true)).toBe('text');
    expect(logFormatFor({}, false)).toBe('json');
  });
});
