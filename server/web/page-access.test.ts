import { expect, it } from 'vitest';
import { isImmutable, isOpenPage } from './page-access.ts';

it('opens the doors and the files of the build', () => {
  for (const path of [
    '/login',
    '/start',
    '/join',
    '/guest',
    '/tv',
    '/icon.svg',
    '/_next/static/chunks/0a~b-c_d.js',
    '/_next/static/x/%5Bname%5D/page.js',
  ])
    expect(isOpenPage(path), path).toBe(true);
});

it('S57 opens nothing that only begins like one of them', () => {
  for (const path of [
    '/',
    '/d/alice',
    '/login/',
    '/tv/main',
    '/guest/x',
    '/people',
    '/login/../d/alice',
    '/icon.svg/../d/alice',
    '/_next/static/',
    '/_next/static/../../d/alice',
    '/_next/static/%2e%2e/%2e%2e/d/alice',
    '/_next/static/.%2E/.%2e/d/alice',
    '/_next/static/..%2f..%2fd/alice',
    '/_next/static/..\\..\\d\\alice',
    '/_next/static/.\t./.\t./d/alice',
    '/_next/data/x/index.json',
  ]) {
    expect(isOpenPage(path), path).toBe(false);
    expect(isImmutable(path), path).toBe(false);
  }
});
