import { describe, expect, it } from 'vitest';
import type { DeviceStatus, ServiceStatus } from '#contracts/status.ts';
import { rowsOf } from './service-row-model.ts';

const service = (name: string, more: Partial<ServiceStatus> = {}): ServiceStatus => ({
  name,
  state: 'running',
  health: 'none',
  image: 'x:1',
  ports: [],
  restarts: 0,
  ...more,
});
const status = (services: ServiceStatus[]) =>
  ({ deployments: [{ name: 'one', phase: 'running', revision: 1, services }] }) as unknown as DeviceStatus;
const names = (services: ServiceStatus[], most: number) => rowsOf(status(services), most).rows.map((row) => row.service.name);

describe('the rows of a tile', () => {
  it('keep their order while all fit', () => {
    expect(names([service('b'), service('a', { state: 'failed' })], 2)).toEqual(['b', 'a']);
  });

  it('show trouble first when not all fit, and count the rest', () => {
    const services = ['a', 'b', 'c', 'd'].map((name) => service(name));
    services[3] = service('d', { state: 'failed' });
    const model = rowsOf(status(services), 3);
    expect(model.rows.map((row) => row.service.name)).toEqual(['d', 'a']);
    expect(model.hidden).toBe(2);
    expect(model.heightInRows).toBe(3);
  });

  it('give a download a second row while there is room', () => {
    expect(rowsOf(status([service('a', { state: 'pulling' }), service('b')]), 3).heightInRows).toBe(3);
  });

  it('give a sentence about trouble as many lines as there is room', () => {
    const failed = service('a', {
      state: 'failed',
      error: { code: 'image-not-found', message: 'cannot fetch the image', since: '2026-03-03T14:00:00Z' },
    });
    expect(rowsOf(status([failed]), 2)).toMatchObject({ errorLines: 1, heightInRows: 2 });
    expect(rowsOf(status([failed]), 3)).toMatchObject({ errorLines: 2, heightInRows: 3 });
    expect(rowsOf(status([failed]), 9)).toMatchObject({ errorLines: 3, heightInRows: 4 });
    expect([...rowsOf(status([failed]), 9).errors]).toEqual(['cannot fetch the image']);
  });

  it('are empty without a report', () => {
    expect(rowsOf(undefined, 5)).toMatchObject({ rows: [], empty: true });
  });
});
