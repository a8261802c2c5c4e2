import { describe, expect, it } from 'vitest';
import type { Device } from '#contracts/device.ts';
import { gridFor } from './grid.ts';
import { pageOf, seatDevices } from './seats.ts';

const device = (name: string, seat: number): Device => ({
  name,
  seat,
  labels: {},
  publicKey: '',
  local: false,
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'sam',
});
const names = (devices: Device[]) =>
  seatDevices(devices, gridFor(devices.length, 'nine', false)).map((seat) =>
    seat.kind === 'device' ? seat.device.name : seat.kind,
  );

describe('the seats', () => {
  it('go around the plate in the order they were given out', () => {
    expect(names(['a', 'b', 'c', 'd', 'e'].map(device))).toEqual(['a', 'b', 'c', 'd', 'plate', 'e', 'empty', 'empty', 'empty']);
  });

  it('stay where they are when a neighbour leaves', () => {
    expect(names([device('a', 0), device('c', 2)]).slice(0, 3)).toEqual(['a', 'empty', 'c']);
  });

  it('move in when they are out of sight', () => {
    expect(names([device('a', 0), device('z', 40)]).slice(0, 2)).toEqual(['a', 'z']);
  });

  it('never lose a device', () => {
    const many = Array.from({ length: 33 }, (_, seat) => device(`d${seat}`, seat * 3));
    expect(names(many).filter((name) => name !== 'empty')).toHaveLength(33);
    expect(pageOf(many, 0)).toHaveLength(33);
  });
});
