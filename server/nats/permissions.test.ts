import { describe, expect, it } from 'vitest';
import { mintDevice } from './mint.ts';
import { createNkey } from './nkey.ts';
import { ACTORS, PERMISSION_TABLE } from './permission-table.ts';
import { covers, permissionsFor } from './permissions.ts';

const HEX = '0123456789abcdef01234567';
const ACTOR = {
  device: { kind: 'device', name: 'octavia' },
  contested: { kind: 'contested', name: 'octavia' },
  viewer: { kind: 'viewer', uid: `sam_${HEX}` },
  operator: { kind: 'operator', uid: `ada_${HEX}` },
  guest: { kind: 'guest', uid: `guest_${HEX}`, device: 'shellfish', sid: '00112233445566778899aabb' },
  tv: { kind: 'tv', uid: `tv-0123456789ab_${HEX}` },
  recorder: { kind: 'recorder', uid: `recorder_${HEX}` },
  identity: { kind: 'identity' },
  rotator: { kind: 'rotator' },
  hub: { kind: 'hub' },
  system: { kind: 'system' },
} as const;

describe('the permission table', () => {
  it('grants nothing in a wide row that a narrower row withholds', () => {
    const contradictions = ACTORS.flatMap((actor) => {
      const { pub, sub } = permissionsFor(ACTOR[actor]);
      // The server lets a subscription to `a.>` through where `a.*` is granted.
      const heard = (sub?.allow ?? []).map((subject) => subject.replace(/\*$/, '>'));
      return PERMISSION_TABLE.filter((row) => row[actor] === '-')
        .filter(({ subject }) => [...(pub?.allow ?? []), ...heard].some((wide) => covers(wide, subject)))
        .map(({ subject }) => `${actor}: ${subject}`);
    });
    expect(contradictions).toEqual([]);
  });

  it('names each subject once', () => {
    const subjects = PERMISSION_TABLE.map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(subjects.length);
  });
});

describe('permissions', () => {
  it('leave the name of a device to the server where a template does the work', () => {
    const { pub, sub } = permissionsFor({ kind: 'device' });
    expect(pub?.allow).toContain('status.{{name()}}');
    expect(sub?.allow).toContain('desired-state.{{name()}}.>');
    expect(pub?.deny).toBeUndefined();
  });

  it('leave a contested device its status and its identity, and nothing that was asked of it', () => {
    expect(permissionsFor(ACTOR.contested)).toEqual({
      pub: { allow: ['status.octavia', 'rc.up.octavia'] },
      sub: { allow: ['rc.down.octavia', '_INBOX.octavia.>'] },
    });
  });

  it('let a viewer ask and steer, and neither type nor answer', () => {
    const { pub } = permissionsFor(ACTOR.viewer);
    const words = (pub?.allow ?? []).join(' ');
    expect(words).toContain(`device.*.rpc.term.${ACTOR.viewer.uid}`);
    expect(words).not.toMatch(/\.in|exec|answer|recording/);
    // Without its own id at the end anybody's session could be steered.
    expect(pub?.allow?.filter((subject) => !subject.includes(ACTOR.viewer.uid))).toEqual([]);
  });

  it('name one terminal for a guest and nothing else', () => {
    const { device, sid, uid } = ACTOR.guest;
    expect(permissionsFor(ACTOR.guest)).toEqual({
      pub: { allow: [`term.${device}.${sid}.ack.${uid}`, `term.${device}.${sid}.rpc.${uid}`] },
      sub: { allow: [`term.${device}.${sid}.out`, `_INBOX.${uid}.>`] },
    });
  });

  it('name every device of somebody whose rights end at some of them', () => {
    const uid = `sam_${HEX}`;
    const { pub, sub } = permissionsFor({
      kind: 'limited',
      uid,
      see: ['alice', 'aria'],
      drive: ['alice'],
      deployments: ['hello'],
    });
    const all = [...(pub?.allow ?? []), ...(sub?.allow ?? [])];
    expect(all).toContain(`device.aria.rpc.log.${uid}`);
    expect(all).toContain(`device.alice.rpc.exec.${uid}`);
    expect(all).toContain('wall.status.aria');
    expect(all).toContain('wall.deployment.hello.status');
    expect(all.filter((subject) => !/\.(?:alice|aria|hello)(?:\.|$)/.test(subject))).toEqual([`_INBOX.${uid}.>`]);
    expect(all.filter((subject) => /aria.*(?:exec|answer|\.in)/.test(subject))).toEqual([]);
  });

  it('add devices to drive to a wall that is seen whole', () => {
    const uid = `sam_${HEX}`;
    const seen = permissionsFor(ACTOR.viewer);
    const { pub, sub } = permissionsFor({ kind: 'limited', uid, see: 'all', drive: ['alice'], deployments: [] });
    expect(sub?.allow).toEqual(expect.arrayContaining(seen.sub?.allow ?? []));
    expect(pub?.allow).toContain(`term.alice.*.in.${uid}`);
    expect(pub?.allow).not.toContain(`term.*.*.in.${uid}`);
  });

  it('deny every word to whoever may only listen: an empty list would allow all', () => {
    expect(permissionsFor({ kind: 'system' }).pub?.deny).toBeUndefined();
    for (const actor of ACTORS) {
      const { pub, sub } = permissionsFor(ACTOR[actor]);
      for (const list of [pub, sub]) expect(list?.allow ?? list?.deny, actor).not.toEqual([]);
    }
  });

  it('leave out what a wider grant covers', () => {
    expect(permissionsFor(ACTOR.hub).pub?.allow?.filter((subject) => subject.startsWith('$JS.API'))).toEqual(['$JS.API.>']);
  });

  it('never go to a device whose name is a wildcard', () => {
    const key = { key: createNkey('account'), account: 'A', scoped: false };
    const keys = { device: key, people: key, hub: key };
    for (const name of ['*', '>', 'a.b', '', 'Alice']) expect(() => mintDevice(keys, name)).toThrow(RangeError);
  });
});

describe('the two voices about identity', () => {
  it('may hear devices and answer them, or call them, and nothing else', () => {
    expect(permissionsFor(ACTOR.identity)).toEqual({ pub: { allow: ['_INBOX.*.>'] }, sub: { allow: ['rc.up.*'] } });
    expect(permissionsFor(ACTOR.rotator)).toEqual({ pub: { allow: ['rc.down.*'] }, sub: { deny: ['>'] } });
  });
});

describe('covers', () => {
  it.each([
    ['a.>', 'a.b', true],
    ['a.>', 'a', false],
    ['a.*', 'a.b', true],
    ['a.*', 'a.>', false],
    ['a.*', 'a.b.c', false],
    ['a.*.c', 'a.*.c', true],
    ['a.b', 'a.*', false],
    ['>', 'a.>', true],
  ])('%s, %s: %s', (wide, narrow, expected) => expect(covers(wide, narrow)).toBe(expected));
});
