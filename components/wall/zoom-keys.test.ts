import { describe, expect, it } from 'vitest';
import { swipeOf, zoomKey } from './zoom-keys.ts';

const watching = { shown: 'services', letters: true, onControl: false } as const;

describe('keys in an open tile', () => {
  it('lead to the neighbours', () => {
    expect(zoomKey('ArrowLeft', watching)).toEqual({ kind: 'neighbour', step: -1 });
    expect(zoomKey('ArrowRight', { ...watching, letters: false })).toEqual({ kind: 'neighbour', step: 1 });
  });
  it('open the sheet of keys', () => expect(zoomKey('?', watching)).toEqual({ kind: 'keys' }));
  it('cycle the views, also from the last to the first', () => {
    expect(zoomKey('Tab', watching)).toEqual({ kind: 'view', view: 'info' });
    expect(zoomKey('Tab', { ...watching, shown: 'info' })).toEqual({ kind: 'view', view: 'screen' });
  });
  it('leave Tab to a control that has the focus', () => expect(zoomKey('Tab', { ...watching, onControl: true })).toBeUndefined());
  it('leave t and o to the view that has them', () => {
    expect(zoomKey('t', watching)).toEqual({ kind: 'wish', wish: 'type' });
    expect(zoomKey('t', { ...watching, shown: 'terminal' })).toBeUndefined();
    expect(zoomKey('t', { ...watching, shown: 'screen' })).toBeUndefined();
    expect(zoomKey('o', { ...watching, shown: 'terminal' })).toBeUndefined();
    expect(zoomKey('o', { ...watching, shown: 'logs' })).toEqual({ kind: 'wish', wish: 'read-output' });
  });
  it('stay silent where letters are off', () => expect(zoomKey('l', { ...watching, letters: false })).toBeUndefined());
});

describe('a swipe', () => {
  it('goes to the side and far enough', () => {
    expect(swipeOf(-120, 10)).toBe(1);
    expect(swipeOf(120, -10)).toBe(-1);
    expect(swipeOf(40, 0)).toBeUndefined();
    expect(swipeOf(120, 100)).toBeUndefined();
  });
});
