import { beforeEach, expect, it } from 'vitest';
import type { DeviceEvent } from '#contracts/event.ts';
import { DriverNews } from './driver-news.ts';

const uid = (name: string, page = '0') => `${name}_${page.repeat(24)}`;
const desk = { deployment: 'office', service: 'desk' };

let told: Omit<DeviceEvent, 'device' | 'at'>[] = [];
let news: DriverNews;
beforeEach(() => {
  told = [];
  news = new DriverNews('octavia', (event) => told.push(event));
});
const lines = () => told.map(({ kind, by, service }) => `${kind} ${by} ${service}`);

it('tells who begins and who ends', () => {
  news.drive(desk, uid('sam'));
  news.drive(desk, undefined);
  expect(lines()).toEqual(['screen-control sam desk', 'screen-ended sam desk']);
  expect(told[0]).toEqual({
    kind: 'screen-control',
    message: 'sam controls the screen of desk on Octavia.',
    deployment: 'office',
    service: 'desk',
    by: 'sam',
  });
});

it('tells both where control passes on, and nothing where it moves to another page of the same person', () => {
  news.drive(desk, uid('sam'));
  news.drive(desk, uid('sam', '1'));
  news.drive(desk, uid('ada'));
  expect(lines()).toEqual(['screen-control sam desk', 'screen-ended sam desk', 'screen-control ada desk']);
});

it('keeps two desktops apart', () => {
  news.drive(desk, uid('sam'));
  news.drive({ ...desk, service: 'typist' }, uid('sam'));
  news.drive(desk, undefined);
  expect(lines()).toEqual(['screen-control sam desk', 'screen-control sam typist', 'screen-ended sam desk']);
});
