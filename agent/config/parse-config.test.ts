import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.ts';

const GOOD = `[agent]
device_id = "alice"

[credentials]
type = "creds"
file = "alice.creds"

[nats]
urls = ["nats://central:4222"]
`;
const parse = (text: string) => parseConfig(text, '/etc/scorewall/agent.toml');
const config = (text: string) => {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed;
};
const problem = (text: string) => {
  const parsed = parse(text);
  if (parsed.ok) throw new Error('It was accepted.');
  return parsed.problem;
};

describe('a good config', () => {
  it('has paths beside the file and quiet defaults', () => {
    expect(config(GOOD).config).toEqual({
      device: 'alice',
      stateDir: '/etc/scorewall/state',
      hostIp: '0.0.0.0',
      reportIntervalMs: 30_000,
      relistIntervalMs: 30_000,
      resyncIntervalMs: 30_000,
      credentials: { type: 'creds', file: '/etc/scorewall/alice.creds' },
      natsUrls: ['nats://central:4222'],
      logsMaxBytes: 64 * 1024 * 1024,
      logLevel: 'info',
    });
  });

  it('takes the shared credentials of a lab', () => {
    const text = GOOD.replace(
      'type = "creds"\nfile = "alice.creds"',
      'type = "toml-shared"\nnats_user = "lab"\nnats_pass = "s3cret"',
    );
    expect(config(text).config.credentials).toEqual({ type: 'toml-shared', user: 'lab', pass: 's3cret' });
  });

  it.each([
    [
      'with a token, and servers that the hub names',
      'token = "rcj1.x.y"',
      { type: 'roadchain', token: 'rcj1.x.y', tickMs: 10_000 },
    ],
    [
      'with a file that holds the token',
      'hub = "https://hub.local:7400"\ntoken_file = "join-token"',
      { type: 'roadchain', hubUrl: 'https://hub.local:7400', tokenFile: '/etc/scorewall/join-token', tickMs: 10_000 },
    ],
    ['once it has joined', 'tick_ms = 500', { type: 'roadchain', tickMs: 500 }],
  ])('takes an identity by roadchain %s', (_, settings, credentials) => {
    const text = `[agent]\ndevice_id = "alice"\n[credentials]\ntype = "roadchain"\n${settings}\n`;
    expect(config(text)).toMatchObject({ config: { credentials, natsUrls: [] }, warnings: [] });
  });

  it('takes a client of an identity provider', () => {
    const text = `[agent]\ndevice_id = "alice"\n[credentials]\ntype = "oidc"\nhub = "http://hub:7400"\nissuer = "https://id.local"\nclient_id = "alice"\nkey_file = "key.pem"\n`;
    expect(config(text).config.credentials).toEqual({
      type: 'oidc',
      hub: { url: 'http://hub:7400' },
      issuer: 'https://id.local',
      clientId: 'alice',
      keyFile: '/etc/scorewall/key.pem',
      scope: 'openid',
    });
    expect(problem(text.replace('key_file = "key.pem"\n', '')).message).toBe('credentials.key_file is missing.');
  });

  it('leaves sections of later versions alone and warns of a setting it does not know', () => {
    expect(config(`${GOOD}[roadchain]\nfleet = "x"\n`).warnings).toEqual([]);
    expect(config(GOOD.replace('[agent]', '[agent]\nhost-ip = "127.0.0.1"')).warnings).toEqual([
      '[agent] host-ip is not a known setting. Did you mean host_ip?',
    ]);
  });
});

describe('a broken config', () => {
  it.each([
    ['no TOML', GOOD.replace('"alice"', '"alice'), { line: 2, column: 19 }],
    ['a name that is none', GOOD.replace('"alice"', '"Alice Pi"'), { line: 2, column: 1 }],
    ['an unknown kind of credentials', GOOD.replace('"creds"', '"magic"'), { line: 5, column: 1 }],
    ['credentials without their file', GOOD.replace('file = "alice.creds"\n', ''), { line: 4, column: 1 }],
    ['no servers for the credentials of a file', GOOD.slice(0, GOOD.indexOf('[nats]')), { message: 'nats is missing.' }],
    ['no server', GOOD.replace('"nats://central:4222"', ''), { line: 9, column: 1 }],
    ['a URL that is none', GOOD.replace('nats://central', 'central'), { line: 9, column: 1 }],
    ['a password in a URL', GOOD.replace('nats://', 'nats://me:pw@'), { line: 9, column: 1 }],
  ])('has a place: %s', (_, text, place) => expect(problem(text)).toMatchObject(place));

  it('names what is missing, and the slip of the pen that hides it', () => {
    expect(problem(GOOD.replace('device_id', 'deviceid')).message).toBe(
      'agent.device_id is missing. [agent] deviceid is not a known setting. Did you mean device_id?',
    );
    expect(problem('').message).toBe('agent is missing.');
  });

  it('never repeats a password', () => {
    const text = '[credentials]\ntype = "toml-shared"\nnats_pass = "hunter2" oops\n';
    expect(JSON.stringify(problem(text))).not.toContain('hunter2');
  });
});
