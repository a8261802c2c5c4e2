import { describe, expect, it } from 'vitest';
import type { Device } from '#contracts/device.ts';
import { arrange, groupsOf, labelsOf, matching, swapped, withPin } from './arrange.ts';

const device = (name: string, seat: number, labels: Record<string, string> = {}) => ({ name, seat, labels }) as Device;
const all = [
  device('alice', 0, { site: 'berlin', role: 'camera' }),
  device('aria', 1, { site: 'bonn' }),
  device('octavia', 2, { site: 'berlin' }),
  device('lucidia', 4),
];
const names = (devices: readonly Device[]) => devices.map(({ name }) => name).join(' ');
const nothing = { order: [], pinned: [] };

describe('the order of the tiles', () => {
  it('is by seat until somebody moves one', () => expect(arrange(all, nothing)).toBe(all));

  it('swaps two and lets newcomers follow', () => {
    const moved = { ...nothing, ...swapped(all, nothing, 'alice', 'octavia') };
    expect(names(arrange(all, moved))).toBe('octavia aria alice lucidia');
    expect(names(arrange([...all, device('silas', 9)], moved))).toBe('octavia aria alice lucidia silas');
    expect(names(arrange(all, { ...moved, ...swapped(all, moved, 'octavia', 'alice') }))).toBe('alice aria octavia lucidia');
  });

  it('keeps pinned tiles first and among themselves', () => {
    const pinned = { ...nothing, pinned: withPin({ ...nothing, pinned: ['lucidia'] }, 'aria') };
    expect(names(arrange(all, pinned))).toBe('lucidia aria alice octavia');
    expect(swapped(all, pinned, 'lucidia', 'alice')).toBeUndefined();
    expect(swapped(all, pinned, 'lucidia', 'aria')).toEqual({ pinned: ['aria', 'lucidia'] });
    expect(withPin(pinned, 'aria')).toEqual(['lucidia']);
  });

  it('forgets nobody and doubles nobody, whatever was saved', () => {
    const odd = { order: ['gone', 'aria', 'aria', 'alice'], pinned: ['aria', 'gone'] };
    expect(names(arrange(all, odd))).toBe('aria alice octavia lucidia');
  });
});

describe('groups and filters', () => {
  it('gather by a label, those without it last', () => {
    expect(groupsOf(all, 'site').map(({ value, devices }) => `${value}: ${names(devices)}`)).toEqual([
      'berlin: alice octavia',
      'bonn: aria',
      'undefined: lucidia',
    ]);
    expect(labelsOf(all)).toEqual(['role', 'site']);
  });

  it('find by every word, in names and labels', () => {
    expect(names(matching(all, 'site:BERLIN cam'))).toBe('alice');
    expect(matching(all, '  ')).toBe(all);
  });
});
