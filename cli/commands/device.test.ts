import { describe, expect, it } from 'vitest';
import { readLabelChanges } from './device.ts';

describe('labels on the command line', () => {
  it('are set and removed', () => {
    expect(readLabelChanges(['role=camera', 'site-'], true)).toEqual({ set: { role: 'camera' }, remove: ['site'] });
  });
  it.each(['role', '=x', 'Role=x', 'role=', 'role=*', 'site-'])('%j is refused', (change) => {
    expect(() => readLabelChanges([change], false)).toThrow('is no label');
  });
});
