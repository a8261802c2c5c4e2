import { expect, test } from 'vitest';
import { levelOf } from './level.ts';

test.each([
  ['2026-11-20 14:03:20 INFO frame 8813 person 0.91', 'info'],
  ['[ERROR] cannot open /dev/video0', 'error'],
  ['14:03 warning: low disk', 'warn'],
  ['error: cannot open', 'error'],
  ['ts=2026-11-20T14:03:20Z level=warn msg="slow"', 'warn'],
  ['time="2026" level="error" msg=x', 'error'],
  ['<34>Oct 11 22:14:15 su: failed', 'error'],
  ['<14>Oct 11 22:14:15 cron: ok', 'info'],
  ['E1120 14:03:20.000 1 main.go:3] gone', 'error'],
  ['2026/11/20 14:03:20 [notice] 1#1: start worker', 'info'],
  ['DEBUG:root:tick', 'debug'],
  ['GET /errors 200 in 3 ms', undefined],
  ['no information here', undefined],
  ['', undefined],
])('%j is %s', (text, level) => expect(levelOf(text)).toBe(level));

test.each([
  [{ level: 'warn' }, 'warn'],
  [{ level: 50 }, 'error'],
  [{ level: 30 }, 'info'],
  [{ severity: 'ERROR' }, 'error'],
  [{ severity: 4 }, 'warn'],
  [{ level: '20' }, 'debug'],
  [{ message: 'ERROR' }, undefined],
])('%j is %s', (json, level) => expect(levelOf(JSON.stringify(json), json)).toBe(level));
