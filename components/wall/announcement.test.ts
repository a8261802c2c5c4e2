import { describe, expect, it } from 'vitest';
import { announcement } from './announcement.ts';

describe('the announcement', () => {
  it('groups devices that changed the same way', () => {
    const changes = ['Aria', 'Octavia'].map((name) => ({ name, from: 'updating', to: 'running' }) as const);
    expect(announcement(changes)).toEqual({ text: 'Aria and Octavia finished updating.', urgent: false });
  });

  it('says the most urgent thing only', () => {
    const text = announcement([
      { name: 'Aria', from: 'updating', to: 'running' },
      { name: 'Silas', from: 'running', to: 'failed' },
    ]);
    expect(text).toEqual({ text: 'Something failed on Silas.', urgent: true });
  });

  it('says nothing when nothing changed', () => {
    expect(announcement([])).toBeUndefined();
  });
});
