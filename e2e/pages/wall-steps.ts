/** What a person does on the wall and reads from it, and what a device does beside it: steps of the story of the wall. */
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Page } from '@playwright/test';
import { expect, home, rest, tile } from './fixtures.ts';

export const JSON_BODY = { 'content-type': 'application/json' };

export async function remove(path: string): Promise<void> {
  const etag = (await rest('GET', path)).headers.get('etag');
  if (etag) await rest('DELETE', path, { body: '{}', headers: { ...JSON_BODY, 'if-match': etag } });
}

export const device = (page: Page, name: string) => page.locator(`[data-device="${name}"]`);
export const order = (page: Page) =>
  page.locator('[data-tile]').evaluateAll((tiles) => tiles.map((one) => (one as HTMLElement).dataset.tile).join(' '));
export const savedOrder = async () =>
  ((await (await rest('GET', '/walls/main')).json()) as { wall: { order: string[] } }).wall.order.join(' ');
export const menu = async (page: Page, name: string, item: string) => {
  await device(page, name).focus();
  await page.keyboard.press('.');
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};

export async function drag(page: Page, from: string, to: string): Promise<void> {
  const [start, end] = [await device(page, from).boundingBox(), await device(page, to).boundingBox()];
  if (!start || !end) throw new Error(`${from} or ${to} is not on the page.`);
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 12 });
  await expect(page.locator('.seat-over')).toHaveCount(1);
  await page.mouse.up();
}

/** One service of the hello image that runs a line of shell. */
export async function deploy(name: string, target: string, script: string, more = ''): Promise<void> {
  const answer = await rest('PUT', `/deployments/${name}`, {
    headers: { 'if-none-match': '*' },
    body: `
apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata: { name: ${name} }
spec:
  targetDevices: [${target}]
  score:
    type: PodmanV0
    data:
      services:
        - name: ${name}
          image: localhost/scorewall/hello:1
          command: ${JSON.stringify(['/bin/sh', '-c', script])}
          stopTimeoutSeconds: 1
${more}
`,
  });
  expect(answer.status).toBe(201);
}

/** What a program on a device asks through its local socket; ends with the answer. */
export function askLocally(name: string, question: object): Promise<string> {
  const socketPath = join(home(), 'devices', name, 'state', 'agent.sock');
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path: '/ask', method: 'POST' }, (response) => {
      text(response).then(resolve, reject);
    });
    asking.once('error', reject);
    asking.end(JSON.stringify(question));
  });
}

/** Pixels of the picture of a tile that are as red as a terminal's red ground. */
export const redPixels = (page: Page, name: string) =>
  tile(page, name)
    .locator('canvas')
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      let red = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at]! > 200 && data[at + 1]! < 150 && data[at + 2]! < 140) red += 1;
      return red;
    });
