import { describe, expect, it } from 'vitest';
import { box, Steps } from './steps.ts';
import { welcome } from './welcome.ts';

describe('steps', () => {
  it('are one line each, with a tick, what was found, and the time', async () => {
    const lines: string[] = [];
    const steps = new Steps((text) => lines.push(text));
    await steps.run('nats-server', async (step) => {
      step.say('downloads it');
      step.done('2.15.1');
    });
    await expect(steps.run('build', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(lines[0]).toBe('… nats-server    downloads it\n');
    expect(lines[1]).toMatch(/^✓ nats-server {4}2\.15\.1 {2}\d+\.\d s\n$/);
    expect(lines[2]).toMatch(/^✗ build {10}failed after \d+\.\d s\n$/);
  });

  it('a box is as wide as its longest line', () => {
    expect(box(['a', 'bcd'])).toBe('╭───────╮\n│  a    │\n│  bcd  │\n╰───────╯');
  });

  it('the first start shows the one-time link, later ones where to sign in', () => {
    const url = 'http://127.0.0.1:7400';
    expect(welcome({ url, ownerLink: `${url}/start#secret` })).toMatch(/start#secret[\s\S]*Good once, for 15 minutes/);
    expect(welcome({ url, ownerLink: '' })).toMatch(/7400\/login[\s\S]*npx scorewall owner-link/);
  });
});
