import { describe, expect, it } from 'vitest';
import { parseUpOptions } from './options.ts';

const parse = (...args: string[]) => parseUpOptions(args, '/checkout');

describe('flags of up', () => {
  it('without any: three devices on addresses of their own', () => {
    expect(parse()).toEqual({
      home: '/checkout/.scorewall',
      port: 7400,
      natsPort: 4222,
      lan: false,
      devices: [
        { name: 'alice', address: '127.0.0.11' },
        { name: 'aria', address: '127.0.0.12' },
        { name: 'octavia', address: '127.0.0.13' },
      ],
    });
  });

  it('takes names, ports, a home and a first address', () => {
    expect(
      parse(
        '--home',
        '/srv/wall',
        '--port=8080',
        '--nats-port',
        '4333',
        '--devices',
        'x, y',
        '--first-address',
        '127.0.9.250',
        '--lan',
      ),
    ).toEqual({
      home: '/srv/wall',
      port: 8080,
      natsPort: 4333,
      lan: true,
      devices: [
        { name: 'x', address: '127.0.9.250' },
        { name: 'y', address: '127.0.9.251' },
      ],
    });
    expect(parse('--no-devices')?.devices).toEqual([]);
  });

  it('only help was asked for', () => expect(parse('--help')).toBeUndefined());

  it.each([
    [['--prot', '1'], /--prot is not a flag of up. Did you mean --port\?/],
    [['--port', '70000'], /--port 70000 is no port/],
    [['--port', '4222'], /both 4222/],
    [['--port'], /argument missing/],
    [['extra'], /Unexpected argument/],
    [['--devices', 'a,*'], /"\*" cannot be the name/],
    [['--devices', 'a,a'], /Two devices are called a/],
    [['--devices', 'a', '--no-devices'], /contradict/],
    [['--first-address', '10.0.0.1'], /no loopback address/],
    [['--first-address', '127.0.0.253'], /3 devices do not fit/],
  ])('refuses %j in words', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
    expect(() => parse(...args)).toThrow(/Nothing was started/);
  });
});
