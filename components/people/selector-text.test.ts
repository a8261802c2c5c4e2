import { expect, it } from 'vitest';
import { readSelector } from './selector-text.ts';

it('reads labels, and nothing for the whole fleet', () => {
  expect(readSelector('site=berlin, role = camera')).toEqual({ selector: { site: 'berlin', role: 'camera' } });
  expect(readSelector('  ')).toEqual({});
});

it.each(['berlin', 'site=', 'Site=berlin', 'site=<b>'])('says what is wrong with %s', (text) => {
  expect(readSelector(text).selector).toBeUndefined();
  expect(readSelector(text).issue).toBeTruthy();
});
