import { describe, expect, it } from 'vitest';
import { SimulatedDevice } from './simulated-device.ts';

const hello = { name: 'hello', image: 'nginx:1', ports: ['8080:80'] };
const quiet = { name: 'quiet', image: 'nginx:1' };

function device(images = ['nginx:1', 'nginx:2']): SimulatedDevice {
  const made = new SimulatedDevice();
  made.images = new Set(images);
  made.registry = new Set(['nginx:1', 'nginx:2', 'nginx:3']);
  return made;
}
const running = (services: readonly object[] = [hello]) => {
  const made = device().want({ web: services });
  made.settle();
  return made;
};
const verdictOf = (made: SimulatedDevice, key: string) => made.plan().verdicts.get(key);

describe('a plan', () => {
  it.each<[string, SimulatedDevice, string[]]>([
    ['nothing asked for, nothing there', device(), []],
    ['a new service', device().want({ web: [hello] }), ['create web/hello', 'start web/hello']],
    [
      'a new service whose image is not here',
      device([]).want({ web: [hello] }),
      ['create web/hello', 'pull nginx:1', 'create web/hello', 'start web/hello'],
    ],
    ['what runs already', running(), []],
    ['a deployment that is no longer wanted', running().want({}), ['stop web/hello (unwanted)', 'remove web/hello (unwanted)']],
    [
      'one service of two changed: the other is not touched',
      running([hello, quiet]).want({ web: [{ ...hello, ports: ['8081:80'] }, quiet] }),
      [
        'create web/hello',
        'stop web/hello (replaced)',
        'start web/hello',
        'remove web/hello (replaced)',
        'rename web/hello to alice.web.hello',
      ],
    ],
    [
      'a new image: pulled before the old container stops',
      running().want({ web: [{ ...hello, image: 'nginx:3' }] }),
      [
        'create web/hello',
        'pull nginx:3',
        'create web/hello',
        'stop web/hello (replaced)',
        'start web/hello',
        'remove web/hello (replaced)',
        'rename web/hello to alice.web.hello',
      ],
    ],
    [
      'a service without a port of the device: the new one starts first',
      running([quiet]).want({ web: [{ ...quiet, env: { A: '1' } }] }),
      [
        'create web/quiet',
        'start web/quiet',
        'stop web/quiet (replaced)',
        'remove web/quiet (replaced)',
        'rename web/quiet to alice.web.quiet',
      ],
    ],
    [
      'a service that writes to a volume: two of it never run side by side',
      running([{ ...quiet, volumes: ['data:/data'] }]).want({ web: [{ ...quiet, volumes: ['data:/data'], env: { A: '1' } }] }),
      [
        'create web/quiet',
        'stop web/quiet (replaced)',
        'start web/quiet',
        'remove web/quiet (replaced)',
        'rename web/quiet to alice.web.quiet',
      ],
    ],
    ['a container that somebody removed', drifted('remove'), ['create web/hello', 'start web/hello']],
    ['a container that somebody stopped', drifted('stop'), ['start web/hello']],
    [
      'a container whose processes were all killed',
      drifted('break'),
      ['remove web/hello (broken)', 'create web/hello', 'start web/hello'],
    ],
    [
      'two services that need each other in turn',
      dependants(),
      ['create web/db', 'create web/app', 'start web/db', 'start web/app'],
    ],
    ['an unknown type of Score', running().want({ web: '{"type":"JobV0","data":{}}' }), []],
    ['an unknown field', running().want({ web: [{ ...hello, privileged: true }] }), []],
    ['no JSON at all', running().want({ web: '{' }), []],
  ])('for %s', (_, made, sentences) => expect(made.settle()).toEqual(sentences));

  function drifted(how: 'remove' | 'stop' | 'break'): SimulatedDevice {
    const made = running();
    const [container] = made.own();
    if (how === 'remove') made.containers.delete(container!.id);
    else made.change(container!.id, how === 'stop' ? { state: 'exited', pid: 0 } : { state: 'broken' });
    made.relist();
    return made;
  }

  function dependants(): SimulatedDevice {
    const app = { ...quiet, name: 'app', dependsOn: ['db'] };
    return device().want({ web: [{ ...quiet, name: 'db' }, app] });
  }
});

describe('a container that ended', () => {
  it.each([
    ['no', 0, []],
    ['no', 1, []],
    ['on-failure', 0, []],
    ['on-failure', 1, ['start web/hello']],
    ['on-failure:2', 1, []],
    ['always', 0, ['start web/hello']],
    ['unless-stopped', 1, ['start web/hello']],
  ])('with restart %s and exit code %i', (restart, exitCode, sentences) => {
    const made = running([{ ...hello, restart }]);
    made.change(made.own()[0]!.id, { state: 'exited', pid: 0, exitCode });
    expect(made.settle()).toEqual(sentences);
  });
});

describe('a port of the device', () => {
  const other = { name: 'other', image: 'nginx:1', ports: ['8080:81'] };

  it('stays with the service that runs; the second is refused in words', () => {
    const made = running().want({ web: [hello], second: [other] });
    expect(made.settle()).toEqual([]);
    expect(verdictOf(made, 'second/other')).toEqual({
      kind: 'refused',
      message: '8080 is taken on this device by hello of web, which keeps running; other does not start. Next free: 8081.',
    });
  });

  it('goes to the first of two new services, even in one Score', () => {
    const made = device().want({ web: [hello, other] });
    expect(made.settle()).toEqual(['create web/hello', 'start web/hello']);
    expect(verdictOf(made, 'web/other')).toMatchObject({ kind: 'refused' });
  });

  it('goes to the older deployment first', () => {
    const made = device()
      .want({ zebra: [hello] })
      .want({ zebra: [hello], ant: [other] });
    expect(made.settle()).toEqual(['create zebra/hello', 'start zebra/hello']);
  });

  it('held by a program outside is not fought for, and what ran before keeps running', () => {
    const made = running();
    made.listening = [{ hostIp: '0.0.0.0', hostPort: 9090, containerPort: 0, protocol: 'tcp' }];
    made.want({ web: [{ ...hello, ports: ['9090:80'] }] });
    expect(made.settle()).toEqual([]);
    expect(verdictOf(made, 'web/hello')).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('a program outside Scorewall'),
    });
    made.listening = [];
    expect(made.settle()).toContain('start web/hello');
  });

  it('on another address or protocol is no conflict', () => {
    const made = running().want({
      web: [hello],
      second: [{ ...other, ports: ['127.0.0.9:8080:80'] }],
      third: [{ ...other, ports: ['8080:80/udp'] }],
    });
    made.settle();
    expect(made.own().filter((one) => one.state === 'running')).toHaveLength(3);
  });

  it('can be swapped between two services', () => {
    const [a, b] = [hello, { ...hello, name: 'other', ports: ['8081:80'] }];
    const made = running([a, b]).want({
      web: [
        { ...a, ports: ['8081:80'] },
        { ...b, ports: ['8080:80'] },
      ],
    });
    made.settle();
    expect(made.own().map((one) => [one.service, one.state, one.spec?.ports])).toEqual(
      expect.arrayContaining([
        ['hello', 'running', ['8081:80']],
        ['other', 'running', ['8080:80']],
      ]),
    );
    expect(made.own()).toHaveLength(2);
  });

  it('that a removed service still holds is waited for', () => {
    const made = running().want({ second: [other] });
    expect(made.settle()).toEqual([
      'create second/other',
      'stop web/hello (unwanted)',
      'start second/other',
      'remove web/hello (unwanted)',
    ]);
  });
});

describe('a failure', () => {
  it('of a pull never stops what runs, is retried with a pause, and a newer Score ends the pause', () => {
    const made = running().want({ web: [{ ...hello, image: 'nginx:none' }] });
    expect(made.settle(500)).toEqual(['create web/hello', 'pull nginx:none']);
    expect(verdictOf(made, 'web/hello')).toMatchObject({ kind: 'backoff' });
    expect(made.own()[0]!.state).toBe('running');
    made.want({ web: [{ ...hello, image: 'nginx:2' }] });
    expect(made.step()).toEqual(['create web/hello']);
  });

  it('of one image is no reason to wait for another service', () => {
    const made = device().want({ web: [{ ...hello, image: 'nginx:none' }, quiet] });
    made.settle(500);
    expect(made.own().map((one) => [one.service, one.state])).toEqual([['quiet', 'running']]);
  });

  it('to start the new version brings the one before back, until a newer Score comes', () => {
    const made = running();
    made.faulty.add('nginx:2');
    made.want({ web: [{ ...hello, image: 'nginx:2' }] });
    made.settle(500_000);
    expect(made.own().find((one) => one.image === 'nginx:1')?.state).toBe('running');
    expect(verdictOf(made, 'web/hello')).toEqual({ kind: 'fallen-back' });
    made.want({ web: [{ ...hello, image: 'nginx:2', env: { FIX: '1' } }] });
    made.faulty.clear();
    made.settle();
    expect(made.own().map((one) => [one.image, one.state, one.name])).toEqual([['nginx:2', 'running', 'alice.web.hello']]);
  });

  it("of a name that somebody else's container holds leads to the next name", () => {
    const made = device();
    made.add({ name: 'alice.web.hello' });
    made.want({ web: [hello] });
    expect(made.settle()).toEqual(['create web/hello', 'create web/hello', 'start web/hello']);
    expect(made.own()[0]!.name).toBe('alice.web.hello.2');
  });
});

describe('images', () => {
  it('that the agent pulled go when two versions have followed; the one before stays', () => {
    const made = device(['nginx:2']);
    for (const image of ['nginx:1', 'nginx:2', 'nginx:3']) {
      made.want({ web: [{ ...hello, image }] });
      made.settle();
    }
    expect([...made.images].sort()).toEqual(['nginx:2', 'nginx:3']);
  });

  it('that somebody else brought stay', () => {
    const made = device(['nginx:1', 'nginx:2', 'nginx:3']);
    for (const image of ['nginx:1', 'nginx:2', 'nginx:3']) {
      made.want({ web: [{ ...hello, image }] });
      made.settle();
    }
    expect(made.images.size).toBe(3);
  });

  it('are pulled once for all who wait for them', () => {
    const made = device([]).want({ web: [hello], second: [quiet] });
    expect(made.settle().filter((sentence) => sentence.startsWith('pull'))).toEqual(['pull nginx:1']);
  });
});
