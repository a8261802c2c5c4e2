/** What another site and hostile text do to the pages: the built ones, in a real browser that obeys all it is told. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NatsConnection } from '@nats-io/nats-core';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AddedDevice } from '#contracts/api.ts';
import { API_VERSION } from '#contracts/deployment.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import { subjects } from '#contracts/subjects.ts';
import { createOwnerLink } from '#server/auth/local-access.ts';
import { connectNats } from '#server/nats/connect.ts';
import { testReport } from '#server/test-fleet.ts';
import { findBrowser } from '../browser.ts';
import { eventually } from '../stack/eventually.ts';
import { Stack } from '../stack/stack.ts';
import { Web } from '../stack/web.ts';

const PASSWORD = 'a heron on the weir';
const DEVICE = 'octavia';
const HOSTILE = '<img src=x onerror="window.owned=1"><svg onload="window.owned=1"> \u202Egnp.exe';
const LINK = 'javascript:window.owned=1';
/** Pages that show it for certain. */
const TELLING = [`/d/${DEVICE}`, '/deployments/hello'];

declare global {
  interface Window {
    owned?: number;
    violations?: string[];
  }
}

let stack: Stack;
let web: Web;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let evil: Server;
let evilUrl: string;
let evilPage = '';
let device: NatsConnection;

beforeAll(async () => {
  stack = await Stack.start({ devices: [] });
  web = await Web.start({ anchor: stack.anchor, nats: stack.nats, program: ['--import', 'tsx', 'server/web.ts'] });
  evil = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(evilPage));
  evil.listen(0, '127.0.0.1');
  await once(evil, 'listening');
  // The same host on another port: the strictest cookie comes along.
  evilUrl = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/`;
  const found = findBrowser();
  browser = await chromium.launch({
    ...(found ? { executablePath: found } : {}),
    // Chromium's sandbox refuses to run as root; the pages under test are our own.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  context = await browser.newContext();
  await context.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, sample }) =>
      window.violations?.push(`${violatedDirective} ${blockedURI} ${sourceFile} ${sample}`),
    );
  });
  page = await context.newPage();
  page.on('dialog', (dialog) => void dialog.dismiss());
  await page.goto(await createOwnerLink(stack.store.connection, web.url));
  await page.getByLabel('Name your wall').fill('Heron <b>wall</b>');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open the wall' }).click();
  await page.getByRole('region', { name: 'Seats' }).waitFor();
  const added = AddedDevice.parse((await stack.anchor.expect('POST', '/devices', { name: DEVICE })).body);
  device = await connectNats({
    servers: stack.nats.url,
    creds: added.creds.content,
    name: DEVICE,
    inboxPrefix: subjects.inbox(DEVICE),
    firstConnect: 'fail',
  });
});

afterAll(async () => {
  await device?.close();
  await browser?.close();
  evil?.close();
  await web?.stop();
  await stack?.stop();
});

describe('another site, open in the browser of who is signed in', () => {
  const visit = async (html: string) => {
    evilPage = `<!doctype html><title>evil</title>${html}`;
    const tab = await context.newPage();
    await tab.goto(evilUrl);
    return tab;
  };
  const names = async () => JSON.stringify((await stack.anchor.expect('GET', '/devices')).body);

  it('S59 changes nothing: by a form, by a script, by a picture', async () => {
    const before = await names();
    const api = `${web.url}/api/v1`;
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const tab = await visit(
        `<form method=post enctype="${type}" action="${api}/devices"><input name='{"name":"forged","x":"' value='"}'></form>`,
      );
      const answered = tab.waitForResponse((response) => response.url() === `${api}/devices`);
      await tab.evaluate(() => document.forms[0]!.submit());
      expect([type, (await answered).status()]).toEqual([
        type,
        expect.toSatisfy((status: number) => status === 403 || status === 415),
      ]);
      await tab.close();
    }
    const tab = await visit(`<img src="${api}/devices/${DEVICE}?_method=DELETE">`);
    const heard = await tab.evaluate(async (root) => {
      const tries: [string, RequestInit][] = [
        ['POST', { mode: 'no-cors', body: '{"name":"forged"}' }],
        ['POST', { mode: 'cors', body: '{"name":"forged"}', headers: { 'content-type': 'application/json' } }],
        ['DELETE', { mode: 'cors' }],
        ['GET', { mode: 'cors' }],
      ];
      const words: string[] = [];
      for (const [method, init] of tries) {
        const address = `${root}/devices${method === 'DELETE' ? '/octavia' : ''}`;
        words.push(
          await fetch(address, { method, credentials: 'include', ...init }).then(
            (answer) => `${method} ${answer.type}`,
            () => `${method} refused`,
          ),
        );
      }
      return words;
    }, api);
    expect(heard).toEqual(['POST refused', 'POST refused', 'DELETE refused', 'GET refused']);
    await tab.close();
    expect(await names()).toBe(before);
  });

  it('S60 opens no live connection', async () => {
    const tab = await visit('');
    const ends = await tab.evaluate(
      (address) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(address);
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
        }),
      `${web.url.replace('http', 'ws')}/nats`,
    );
    expect(ends).toBe('refused');
    await tab.close();
  });

  it('S61 frames no page, though it frames its own', async () => {
    for (const path of ['/', '/login', '/tv', `/d/${DEVICE}`]) {
      const tab = await visit(`<iframe name=victim src="${web.url}${path}"></iframe><iframe name=own src="/own"></iframe>`);
      await eventually('the frame is decided', () => !['', 'about:blank', undefined].includes(tab.frame('victim')?.url()));
      expect([path, tab.frame('victim')!.url()]).toEqual([path, 'chrome-error://chromewebdata/']);
      expect(tab.frame('own')?.url()).toBe(`${evilUrl}own`);
      await tab.close();
    }
  });
});

describe('hostile text', () => {
  const seen = () => page.evaluate(() => ({ owned: window.owned, violations: window.violations }));

  it('S66 of a device and of a colleague is text on every page', async () => {
    const asked = [{ name: 'hello', image: 'nginx', ports: [] }];
    const manifest = {
      ...{ apiVersion: API_VERSION, kind: 'Deployment', metadata: { name: 'hello' } },
      spec: { targetDevices: [DEVICE], score: { type: 'PodmanV0', data: { services: asked } } },
    };
    await stack.anchor.expect('PUT', '/deployments/hello', manifest, {
      'if-none-match': '*',
      'x-scorewall-message': encodeURIComponent(HOSTILE),
    });
    const error = { code: 'internal', message: HOSTILE, since: new Date().toISOString() } as const;
    const service = { name: 'hello', state: 'failed', health: 'none', image: HOSTILE, restarts: 0, error } as const;
    const services = [{ ...service, ports: [LINK] }];
    const report = testReport(DEVICE, [{ name: 'hello', phase: 'failed', revision: 1, services, error }]);
    const host = { ...report.host, model: HOSTILE, os: HOSTILE, kernel: LINK, hostname: HOSTILE };
    const say = () =>
      device.publish(
        subjects.status(DEVICE),
        JSON.stringify({ ...report, reportedAt: new Date().toISOString(), host } satisfies DeviceStatus),
      );
    say();
    const event: DeviceEvent = { device: DEVICE, at: new Date().toISOString(), kind: 'failed', message: HOSTILE };
    device.publish(subjects.event(DEVICE), JSON.stringify(event));
    await eventually('the report is known', async () => stack.store.status(DEVICE));
    const speaking = setInterval(say, 1_000);
    try {
      for (const path of [
        '/',
        `/d/${DEVICE}`,
        '/deployments',
        '/deployments/hello',
        '/deployments/hello/edit',
        '/people',
        '/audit',
        '/logs',
      ]) {
        await page.goto(web.url + path);
        await page.locator('h1, [role="region"]').first().waitFor();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        // What comes live may come after that, on a machine that takes its time to begin.
        if (TELLING.includes(path)) await page.getByText('<img src=x onerror').first().waitFor();
        expect([path, await seen()]).toEqual([path, { owned: undefined, violations: [] }]);
        expect([path, await page.locator('img[src="x"], svg[onload], a[href^="javascript:"]').count()]).toEqual([path, 0]);
      }
    } finally {
      clearInterval(speaking);
    }
  });

  it('S66 would be noticed here: a page that drew it would have said so', async () => {
    await page.evaluate((html) => {
      const place = document.createElement('div');
      place.innerHTML = html;
      document.body.append(place);
    }, HOSTILE);
    await eventually('the policy is reported', async () => ((await seen()).violations ?? []).length > 0);
    // And even then nothing ran.
    expect((await seen()).owned).toBeUndefined();
  });
});
