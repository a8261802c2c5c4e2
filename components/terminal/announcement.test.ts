import { describe, expect, it } from 'vitest';
import { announcementOf, outputParts } from './announcement.ts';

describe('new output, read out', () => {
  it('is said as it is while it is short', () => expect(announcementOf(['a', '', ' b '])).toBe('a\nb'));
  it('is three lines and a number at most', () =>
    expect(announcementOf(Array.from({ length: 41 }, (_, at) => `line ${at}`))).toBe('line 0\nline 1\nline 2\n38 more lines'));
});

describe('output as plain text', () => {
  it('is cut at the commands', () =>
    expect(outputParts('Welcome\nsam@alice:~$ uptime\n 14:03 up 3 days\nsam@alice:~$ ls /tmp\na\nb\nsam@alice:~$')).toEqual([
      { command: undefined, text: 'Welcome' },
      { command: 'uptime', text: ' 14:03 up 3 days' },
      { command: 'ls /tmp', text: 'a\nb\nsam@alice:~$' },
    ]));
  it('is one part without prompts', () => expect(outputParts('a\nb\n')).toEqual([{ command: undefined, text: 'a\nb' }]));
  it('takes no line of a log for a prompt', () => expect(outputParts('14:03:20 INFO frame > 3 # person')).toHaveLength(1));
});
