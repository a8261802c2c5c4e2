/** One real engine for a file of tests, and a device of its own for each of them. What is imported from here is always the present one. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startTestEngine, TEST_IMAGE, type TestEngine, until } from '../engine/test-engine.ts';
import { startDevice, type TestDevice } from './test-device.ts';

export let engine: TestEngine;
export let device: TestDevice;

export const FLEET = 'core-test';
export const hello = { name: 'hello', image: TEST_IMAGE, stopTimeoutSeconds: 1, ports: ['8080:80'] };
export const sleeper = { name: 'sleeper', image: TEST_IMAGE, command: ['sleep', '1000'], stopTimeoutSeconds: 0 };

/** `network` keeps the addresses of two files apart: `127.0.1.<network + n>`. */
export function openBench(name: string, network: number): void {
  let count = 0;
  beforeAll(async () => {
    engine = await startTestEngine({ registry: `127.0.1.${network}:5051` });
  });
  afterAll(() => engine.dispose());
  afterEach(async () => {
    device.want({});
    await until('nothing of the device to be left', async () => (await device.containers()).length === 0);
    await device.stop();
  });
  next = () => {
    count++;
    return { name: `${name}-${count}`, hostIp: `127.0.1.${network + count}` };
  };
}

let next: () => { name: string; hostIp: string };

export function start(options: Parameters<typeof startDevice>[3] = {}): void {
  const { name, hostIp } = next();
  device = startDevice(engine, name, hostIp, { fleet: FLEET, ...options });
}

/** The same device with an agent that remembers nothing. */
export function restart(): void {
  device = startDevice(engine, device.name, device.hostIp, { fleet: FLEET });
}

export const page = async (port = 8080) => (await fetch(`http://${device.hostIp}:${port}/`)).text();

export const service = (deployment: string, name?: string) => {
  const all = device.reconciler.deployments().find((one) => one.name === deployment)?.services;
  return name ? all?.find((one) => one.name === name) : all?.[0];
};

export const ids = async () => (await device.containers()).map((one) => one.Id).sort();

export const libpod = (method: string, path: string, body?: unknown) => engine.api(method, `/v4.0.0/libpod${path}`, body);
