import { expect, it } from 'vitest';
import { commonGrants, type Grant, grantsCover, grantWords, highestRole, rightsOf, rightsOn, rightsOnFleet } from './access.ts';

const BERLIN = { site: 'berlin' };
const PARIS = { site: 'paris' };

it('grants by label reach devices that carry all of them, and nothing that belongs to no device', () => {
  const grants: Grant[] = [{ role: 'operator', selector: BERLIN }, { role: 'viewer' }];
  expect(rightsOn(grants, { site: 'berlin', role: 'camera' })).toEqual(rightsOf('operator'));
  expect(rightsOn(grants, PARIS)).toEqual(rightsOf('viewer'));
  expect(rightsOnFleet(grants)).toEqual(rightsOf('viewer'));
  expect(rightsOn([{ role: 'operator', selector: BERLIN }], {})).toEqual([]);
  // A label of the prototype is no label of the device.
  expect(rightsOn([{ role: 'operator', selector: { constructor: 'x' } }], {})).toEqual([]);
  expect(highestRole(grants)).toBe('operator');
  expect(grantWords(grants)).toBe('operator on site=berlin; viewer');
});

it.each<[string, Grant[], Grant[], Grant[]]>([
  ['the lower role', [{ role: 'admin' }], [{ role: 'viewer' }], [{ role: 'viewer' }]],
  ['the narrower place', [{ role: 'admin' }], [{ role: 'operator', selector: BERLIN }], [{ role: 'operator', selector: BERLIN }]],
  ['nothing of places apart', [{ role: 'admin', selector: PARIS }], [{ role: 'operator', selector: BERLIN }], []],
  [
    'both labels',
    [{ role: 'admin', selector: { role: 'camera' } }],
    [{ role: 'operator', selector: BERLIN }],
    [{ role: 'operator', selector: { role: 'camera', site: 'berlin' } }],
  ],
])('what two grants have in common: %s', (_, some, others, common) => {
  expect(commonGrants(some, others)).toEqual(common);
  expect(commonGrants(others, some)).toEqual(common);
});

it.each<[Grant[], Grant[], boolean]>([
  [[{ role: 'operator' }], [{ role: 'operator', selector: BERLIN }], true],
  [[{ role: 'operator' }], [{ role: 'admin', selector: BERLIN }], false],
  [[{ role: 'operator', selector: BERLIN }], [{ role: 'operator' }], false],
  [[{ role: 'operator', selector: BERLIN }], [{ role: 'viewer', selector: PARIS }], false],
  [[{ role: 'operator', selector: BERLIN }], [{ role: 'viewer', selector: { site: 'berlin', role: 'camera' } }], true],
])('%j covers %j: %s', (own, wanted, covered) => expect(grantsCover(own, wanted)).toBe(covered));
