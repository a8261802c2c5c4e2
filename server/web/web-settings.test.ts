import { describe, expect, it } from 'vitest';
import { readWebSettings } from './web-settings.ts';

const env = { SCOREWALL_ANCHOR: 'unix:/run/anchor.sock', SCOREWALL_NATS_WS: '127.0.0.1:7422' };
const read = (more: Record<string, string>) => readWebSettings({ ...env, ...more });

describe('the settings of the pages', () => {
  it('are loopback on 7400 if nothing else is said', async () => {
    expect(await read({})).toMatchObject({
      host: '127.0.0.1',
      port: 7400,
      anchor: { socketPath: '/run/anchor.sock' },
      nats: { host: '127.0.0.1', port: 7422 },
    });
  });

  it('take an anchor over http and IPv6', async () => {
    expect(await read({ SCOREWALL_ANCHOR: 'http://[::1]:7410', SCOREWALL_NATS_WS: '[::1]:7422' })).toMatchObject({
      anchor: { host: '::1', port: 7410 },
      nats: { host: '::1', port: 7422 },
    });
  });

  it.each([
    [{ SCOREWALL_ANCHOR: 'https://x' }, /unix:\/path or http/],
    [{ SCOREWALL_NATS_WS: '7422' }, /host:port/],
    [{ SCOREWALL_WEB_PORT: '70000' }, /1 to 65535/],
    [{ SCOREWALL_TLS_CERT: '/a' }, /belong together/],
    [{ SCOREWALL_ANCHOR: '' }, /SCOREWALL_ANCHOR is not set/],
  ])('refuse %o in words', async (more, words) => {
    await expect(read(more)).rejects.toThrow(words);
  });
});
