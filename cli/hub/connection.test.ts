import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT } from '../exit-code.ts';
import { findConnection } from './connection.ts';
import { problemError } from './problem-error.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'scorewall-home-'));
const runFile = {
  url: 'http://127.0.0.1:7400',
  natsUrl: 'nats://127.0.0.1:4222',
  apiToken: 't',
  adminCreds: '',
  ownerLink: '',
  devices: [],
};
writeFileSync(path.join(folder, 'run.json'), JSON.stringify(runFile));
afterAll(() => rmSync(folder, { recursive: true }));

describe('which hub', () => {
  it('is named by the environment', () => {
    expect(findConnection({ SCOREWALL_URL: 'https://hub/', SCOREWALL_TOKEN: 'x' }, '/')).toEqual({
      url: 'https://hub',
      token: 'x',
      source: 'SCOREWALL_URL',
    });
  });
  it('else is the one of this home', () => {
    expect(findConnection({}, '/', folder)).toMatchObject({
      url: runFile.url,
      token: 't',
      source: path.join(folder, 'run.json'),
    });
    expect(findConnection({ SCOREWALL_HOME: folder }, '/')).toMatchObject({ token: 't' });
  });
  it('a home that was named wins over the environment', () => {
    expect(findConnection({ SCOREWALL_URL: 'https://hub', SCOREWALL_TOKEN: 'x' }, '/', folder).token).toBe('t');
  });
  it('none at all is said with a next step', () => {
    expect(() => findConnection({}, '/nowhere')).toThrow(
      expect.objectContaining({ exitCode: EXIT.unreachable, detail: expect.stringContaining('npx scorewall up') }),
    );
    expect(() => findConnection({ SCOREWALL_URL: 'https://hub' }, '/')).toThrow(
      expect.objectContaining({ exitCode: EXIT.denied }),
    );
  });
});

describe('a refusal of the hub', () => {
  const reply = (status: number, body: unknown) => ({ status, headers: {}, text: JSON.stringify(body) });
  it('keeps its words and the places in the document', () => {
    const error = problemError(
      reply(422, {
        type: 'urn:scorewall:problem:invalid',
        code: 'invalid',
        title: 'The manifest is refused.',
        status: 422,
        detail: 'Nothing was changed.',
        issues: [
          {
            path: ['spec', 'score', 'data', 'services', 0, 'prots'],
            message: 'prots is not a known field. Did you mean ports?',
            severity: 'error',
          },
        ],
      }),
      'run.json',
    );
    expect(error).toMatchObject({ exitCode: EXIT.invalid, message: 'The manifest is refused.' });
    expect(error.detail).toBe(
      '  spec.score.data.services[0].prots: prots is not a known field. Did you mean ports?\nNothing was changed.',
    );
  });
  it('is said in our words where the hub gave none', () => {
    expect(problemError(reply(401, {}), 'run.json')).toMatchObject({
      exitCode: EXIT.denied,
      detail: expect.stringContaining('run.json'),
    });
    expect(problemError(reply(502, 'Bad Gateway'), 'run.json').message).toContain('502');
  });
});
