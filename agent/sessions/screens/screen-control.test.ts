import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScreenControl } from './screen-control.ts';

const seat = (name: string) => ({ uid: `${name}_${'0'.repeat(24)}`, sid: '0123456789abcdef' });
const [sam, ada, kim] = [seat('sam'), seat('ada'), seat('kim')];

describe('control of a screen', () => {
  let changes = 0;
  let control: ScreenControl;

  beforeEach(() => {
    vi.useFakeTimers();
    changes = 0;
    control = new ScreenControl(() => changes++, 5_000);
  });
  afterEach(() => vi.useRealTimers());

  it('is taken at once where nobody has it', () => {
    control.act(sam, 'take');
    expect(control.isWriter(sam)).toBe(true);
    expect(changes).toBe(1);
  });

  it('passes to whoever asks, unless it is kept', () => {
    control.act(sam, 'take');
    control.act(ada, 'take');
    expect(control.state()).toMatchObject({ writer: { name: 'sam' }, asking: { name: 'ada', untilMs: 5_000 } });
    vi.advanceTimersByTime(4_999);
    expect(control.isWriter(sam)).toBe(true);
    vi.advanceTimersByTime(1);
    expect(control.state()).toEqual({ writer: { uid: ada.uid, name: 'ada' } });
    control.act(sam, 'take');
    control.act(ada, 'keep');
    vi.advanceTimersByTime(60_000);
    expect(control.state()).toEqual({ writer: { uid: ada.uid, name: 'ada' } });
  });

  it('is given, and asked for by one at a time', () => {
    control.act(sam, 'take');
    control.act(ada, 'take');
    expect(() => control.act(kim, 'take')).toThrow('ada has asked');
    control.act(sam, 'give');
    expect(control.isWriter(ada)).toBe(true);
  });

  it('moves at once between two pages of one person', () => {
    const other = { ...sam, sid: 'fedcba9876543210' };
    control.act(sam, 'take');
    control.act(other, 'take');
    expect(control.isWriter(other)).toBe(true);
    expect(control.isWriter(sam)).toBe(false);
  });

  it('passes on when whoever has it leaves, and is not given to somebody who left', () => {
    control.act(sam, 'take');
    control.act(ada, 'take');
    control.leave(ada);
    vi.advanceTimersByTime(60_000);
    expect(control.isWriter(sam)).toBe(true);
    control.act(kim, 'take');
    control.leave(sam);
    expect(control.isWriter(kim)).toBe(true);
    control.leave(kim);
    expect(control.state()).toEqual({});
  });

  it.each(['keep', 'give'] as const)('%s is for whoever has it', (action) => {
    control.act(sam, 'take');
    expect(() => control.act(ada, action)).toThrow('do not have control');
  });
});
