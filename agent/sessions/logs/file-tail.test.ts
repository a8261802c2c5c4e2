import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileTail, type TailState } from './file-tail.ts';
import { LogBudget, SERVICE_RATES } from './token-bucket.ts';

let folder: string;
let path: string;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scorewall-tail-'));
  path = join(folder, 'ctr.log');
  nowMs = 1_000_000;
});
afterEach(() => rmSync(folder, { recursive: true }));

let clock = 0;
const record = (text: string, { stream = 'stdout', piece = false } = {}) => {
  const nanoseconds = String(clock++).padStart(9, '0');
  return `2026-01-01T00:00:00.${nanoseconds}+00:00 ${stream} ${piece ? 'P' : 'F'} ${text}\n`;
};
const records = (texts: readonly string[]) => texts.map((text) => record(text)).join('');
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

/** A tail with what it gave out, as a store would keep it: lines and the mark of the same turn. */
class Reader {
  lines: string[] = [];
  gaps: { lines: number; bytes: number; why: string }[] = [];
  position: string | undefined;
  room = true;
  tail = this.begin();

  begin(): FileTail {
    return new FileTail({
      path,
      position: this.position,
      budget: new LogBudget(SERVICE_RATES, nowMs),
      now: () => nowMs,
      sink: {
        line: (stream, _, text) => this.lines.push(stream === 'err' ? `err ${text}` : text),
        gap: (_, lines, bytes, why) => this.gaps.push({ lines, bytes, why }),
        mark: (position) => {
          this.position = position;
        },
        hasRoom: () => this.room,
      },
    });
  }

  /** As after kill -9: only the store remembers. */
  again(): void {
    this.tail.close();
    this.tail = this.begin();
  }

  read(): TailState {
    let state = this.tail.poll();
    while (state === 'more') state = this.tail.poll();
    return state;
  }
}

describe('a tail of a log file', () => {
  it('gives out each line once, whatever is written in pieces, and whenever it is killed', () => {
    const part = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          text: fc.stringMatching(/^[a-z ]{0,12}$/),
          stream: fc.constantFrom('stdout', 'stderr'),
          piece: fc.boolean(),
        }),
      },
      { weight: 2, arbitrary: fc.constant('read' as const) },
      { weight: 1, arbitrary: fc.constant('kill' as const) },
      { weight: 1, arbitrary: fc.constant('half' as const) },
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        writeFileSync(path, '');
        const reader = new Reader();
        const open = { stdout: '', stderr: '' };
        const expected: string[] = [];
        let half = '';
        for (const one of parts) {
          if (one === 'read') reader.read();
          else if (one === 'kill') reader.again();
          else if (one === 'half') {
            // The monitor's write is seen in two halves.
            if (half === '') {
              half = record('a line seen in two halves', { stream: 'stderr' });
              appendFileSync(path, half.slice(0, 50));
              reader.read();
              appendFileSync(path, half.slice(50));
              expected.push(`err ${open.stderr}a line seen in two halves`);
              open.stderr = '';
              half = '';
            }
          } else {
            const stream = one.stream as 'stdout' | 'stderr';
            appendFileSync(path, record(one.text, { stream, piece: one.piece }));
            open[stream] += one.text;
            if (one.piece) continue;
            expected.push(stream === 'stderr' ? `err ${open.stderr}` : open.stdout);
            open[stream] = '';
          }
        }
        reader.read();
        reader.tail.close();
        expect(reader.lines).toEqual(expected);
        expect(reader.gaps).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('goes on in the next file, when podman begins one, after the last line of the old one', () => {
    writeFileSync(path, records(numbers(1, 10)));
    const reader = new Reader();
    reader.read();
    appendFileSync(path, records(numbers(11, 20)));
    writeFileSync(`${path}.tmp`, '');
    renameSync(`${path}.tmp`, path);
    appendFileSync(path, records(numbers(21, 30)));
    expect(reader.read()).toBe('idle');
    expect(reader.lines).toEqual(numbers(1, 30));
    reader.again();
    appendFileSync(path, records(numbers(31, 31)));
    reader.read();
    expect(reader.lines).toEqual(numbers(1, 31));
    expect(reader.gaps).toEqual([]);
    reader.tail.close();
  });

  it('begins anew and says so, where the file was emptied in place, or replaced while nobody read', () => {
    writeFileSync(path, records(numbers(1, 10)));
    const reader = new Reader();
    reader.read();
    truncateSync(path, 0);
    appendFileSync(path, records(numbers(11, 40)));
    reader.read();
    expect(reader.lines).toEqual(numbers(1, 40));
    expect(reader.gaps).toMatchObject([{ why: 'not-kept' }]);
    reader.tail.close();
    writeFileSync(path, records(numbers(50, 90)));
    reader.again();
    reader.read();
    expect(reader.lines.slice(40)).toEqual(numbers(50, 90));
    expect(reader.gaps).toHaveLength(2);
    reader.tail.close();
  });

  it('reads a removed file to its end', () => {
    writeFileSync(path, records(numbers(1, 5)));
    const reader = new Reader();
    reader.read();
    appendFileSync(path, `${records(numbers(6, 9))}${record('no end of line', { piece: true })}`);
    rmSync(path);
    expect(reader.read()).toBe('gone');
    reader.tail.end();
    expect(reader.lines).toEqual([...numbers(1, 9), 'no end of line']);
    reader.tail.close();
  });

  it('takes a burst whole, only later, and of a flood what the budget allows, counting the rest to the line', () => {
    writeFileSync(path, '');
    const reader = new Reader();
    const { perSecond, burst } = SERVICE_RATES.lines;
    appendFileSync(path, records(numbers(1, burst + 5_000)));
    expect(reader.read()).toBe('waiting');
    expect(reader.lines).toHaveLength(burst);
    nowMs += 1_000;
    reader.read();
    expect(reader.lines).toEqual(numbers(1, burst + perSecond));
    expect(reader.gaps).toEqual([]);

    let written = burst + 5_000;
    const before = reader.lines.length;
    const block = 8_000;
    for (let second = 0; second < 10; second++) {
      for (let tick = 0; tick < 5; tick++) {
        appendFileSync(path, records(numbers(written + 1, written + block).map((text) => `${text} ${'x'.repeat(40)}`)));
        written += block;
        nowMs += 200;
        reader.read();
      }
    }
    const kept = reader.lines.length - before;
    expect(kept).toBeLessThanOrEqual(perSecond * 10.5);
    expect(kept).toBeGreaterThan(perSecond * 5);
    nowMs += 3_600_000;
    reader.read();
    const told = reader.gaps.reduce((sum, { lines }) => sum + lines, 0);
    expect(reader.gaps.every(({ why }) => why === 'flood')).toBe(true);
    expect(reader.lines.length + told).toBe(written);
    const order = reader.lines.map((text) => Number.parseInt(text, 10));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order.at(-1)).toBe(written);
    reader.tail.close();
  }, 60_000);

  it('estimates what it leaves out of more than can be counted', () => {
    writeFileSync(path, records(numbers(1, 10)));
    const reader = new Reader();
    reader.read();
    const line = record('a line of usual length, as programs write them');
    const lines = Math.ceil((40 * 1024 * 1024) / line.length);
    appendFileSync(path, records(numbers(1, SERVICE_RATES.lines.burst)));
    appendFileSync(path, line.repeat(lines));
    reader.read();
    nowMs += 1_000_000;
    reader.read();
    const told = reader.gaps.reduce((sum, gap) => sum + gap.lines, 0);
    const all = 10 + SERVICE_RATES.lines.burst + lines;
    expect(Math.abs(reader.lines.length + told - all) / all).toBeLessThan(0.2);
    expect(reader.lines.every((text) => /^\d+$/.test(text) || text === 'a line of usual length, as programs write them')).toBe(
      true,
    );
    reader.tail.close();
  });

  it('gives no rest of a line as a line, wherever it goes on after what cannot be counted', () => {
    const line = record('the beginning of a line ', { piece: true }) + record('and its end');
    const flood = line.repeat(Math.ceil((21 * 1024 * 1024) / line.length));
    for (let more = 0; more < line.length; more += 13) {
      const reader = new Reader();
      // The last one shifts the place where reading goes on.
      writeFileSync(path, records(numbers(1, SERVICE_RATES.lines.burst)) + flood + record('x'.repeat(more)));
      reader.read();
      nowMs += 1_000_000;
      reader.read();
      expect(reader.gaps.length).toBeGreaterThan(0);
      expect(reader.lines.filter((text) => !/^(\d+|the beginning of a line and its end|x*)$/.test(text))).toEqual([]);
      reader.tail.close();
    }
  });

  it('waits where the store has no room', () => {
    writeFileSync(path, records(numbers(1, 10)));
    const reader = new Reader();
    reader.room = false;
    expect(reader.read()).toBe('waiting');
    expect(reader.lines).toEqual([]);
    reader.room = true;
    reader.read();
    expect(reader.lines).toEqual(numbers(1, 10));
    reader.tail.close();
  });
});
