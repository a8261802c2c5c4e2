import { describe, expect, it } from 'vitest';
import { putOnTop } from './put-on-top.ts';
import { helloManifest } from './start/start-manifests.ts';

const base = helloManifest(['alice']);

describe('mine on top of theirs', () => {
  it('keeps their lines where I changed others', () => {
    const theirs = base.replace('[alice]', '[alice, aria]');
    const mine = base.replace('8080:80', '8081:80');
    expect(putOnTop(base, theirs, mine)).toBe(base.replace('[alice]', '[alice, aria]').replace('8080:80', '8081:80'));
  });
  it('takes mine where both changed the same line', () => {
    expect(putOnTop(base, base.replace('8080:80', '9000:80'), base.replace('8080:80', '8081:80'))).toBe(
      base.replace('8080:80', '8081:80'),
    );
  });
  it('takes mine whole rather than a text that is no manifest', () => {
    const theirs = base.replace('kind: Deployment', 'kind: Other');
    const mine = base.replace('8080:80', '8081:80');
    expect(putOnTop(base, theirs, mine)).toBe(mine);
  });
});
