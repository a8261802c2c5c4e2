import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { BoundedLog } from './bounded-log.ts';

it('never grows beyond twice its bound, and keeps the newest lines', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'scorewall-log-'));
  const file = path.join(folder, 'web.log');
  const log = new BoundedLog(file, 1000);
  for (let line = 0; line < 500; line++) log.write(Buffer.from(`line ${line}\n`));
  log.close();
  expect(statSync(file).size).toBeLessThanOrEqual(1000);
  expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(1000);
  expect(readFileSync(file, 'utf8')).toMatch(/line 499\n$/);
  expect(log.lastLines(2)).toEqual(['line 498', 'line 499']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});
