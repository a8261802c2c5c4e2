import { describe, expect, it } from 'vitest';
import { type Face, PeekRequest } from '#contracts/peek.ts';
import { framesPerSecond, type Look, requestsFor } from './look-plan.ts';

const look = (device: string, face: Face, more: Partial<Look> = {}): Look => ({
  device,
  face,
  width: 600,
  height: 270,
  rows: 24,
  resync: false,
  ...more,
});
const terminal: Face = { kind: 'terminal' };

describe('what is asked of the devices', () => {
  it('is one request a device with all its faces', () => {
    const log: Face = { kind: 'log', deployment: 'vision', service: 'camera' };
    const requests = requestsFor([look('alice', terminal), look('alice', log), look('aria', terminal)]);
    expect([...requests.keys()]).toEqual(['alice', 'aria']);
    expect(requests.get('alice')?.looks.map(({ face }) => face)).toEqual([terminal, log]);
    for (const request of requests.values()) expect(PeekRequest.safeParse(request).success).toBe(true);
  });

  it('asks once for a picture that two tiles show, in the larger size', () => {
    const requests = requestsFor([look('alice', terminal), look('alice', terminal, { width: 900, resync: true })]);
    expect(requests.get('alice')?.looks).toMatchObject([{ width: 900, height: 270, resync: true }]);
  });

  it('asks nothing for the list of services, and never more than a device takes', () => {
    expect(requestsFor([look('alice', { kind: 'services' })]).size).toBe(0);
    const many = Array.from({ length: 12 }, (_, index) => look('alice', { kind: 'log', deployment: 'd', service: `s${index}` }));
    expect(requestsFor(many).get('alice')?.looks).toHaveLength(8);
  });

  it('stays within what a device takes, whatever a tile measures', () => {
    const request = requestsFor([look('alice', terminal, { width: 9_000.4, height: 0, rows: 0 })]).get('alice');
    expect(PeekRequest.safeParse(request).success).toBe(true);
  });

  it('gives nine tiles four pictures a second and fifty one', () => {
    expect([1, 9, 25, 49, 50, 60].map((count) => framesPerSecond('terminal', count))).toEqual([4, 4, 2, 1, 1, 0.5]);
    expect(framesPerSecond('screen', 9)).toBe(2);
  });
});
