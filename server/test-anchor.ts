/** A real anchor on a real nats-server for integration tests, with a client that speaks HTTP to it. */
import type { AddressInfo } from 'node:net';
import type { NatsConnection } from '@nats-io/nats-core';
import pino from 'pino';
import { eventually as waitFor } from '#e2e/stack/eventually.ts';
import { freePort } from '#e2e/stack/free-port.ts';
import { createOwnerLink, renewLocalToken } from './auth/local-access.ts';
import { startTestNats, type TestNats } from './nats/test-server.ts';
import { type Anchor, type AnchorSettings, startAnchor } from './start-anchor.ts';

export interface TestReply {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into many kinds of answers
  body: any;
}

export interface TestCall {
  headers?: Record<string, string>;
  json?: unknown;
  yaml?: string;
}

export class TestAnchor {
  readonly anchor: Anchor;
  readonly url: string;
  readonly token: string;

  constructor(anchor: Anchor, token: string) {
    this.anchor = anchor;
    this.token = token;
    this.url = `http://127.0.0.1:${(anchor.server.address() as AddressInfo).port}`;
  }

  /** With the owner's token. */
  call = (method: string, path: string, call: TestCall = {}) =>
    this.raw(method, path, { ...call, headers: { authorization: `Bearer ${this.token}`, ...call.headers } });

  /** As nobody, or as whoever the headers say. */
  async raw(method: string, path: string, { headers = {}, json, yaml }: TestCall = {}): Promise<TestReply> {
    const body = yaml ?? (json === undefined ? undefined : JSON.stringify(json));
    const type = yaml !== undefined ? 'application/yaml' : json !== undefined ? 'application/json' : undefined;
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { ...(type ? { 'content-type': type } : {}), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  }

  stop = () => this.anchor.stop();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface TestHub {
  nats: TestNats;
  /** The administrator's connection. */
  admin: NatsConnection;
  first: TestAnchor;
  /** Secret of the link that makes the owner. */
  ownerSecret(): Promise<string>;
  /** One more anchor on the same storage. */
  another(settings?: Partial<AnchorSettings>): Promise<TestAnchor>;
  stop(): Promise<void>;
}

/** What tests use instead of 12 s, so that a lost leader is replaced soon. */
const LEASE_TTL_MS = 3_000;

export async function startTestHub(settings: Partial<AnchorSettings> = {}): Promise<TestHub> {
  const nats = await startTestNats();
  const anchors: TestAnchor[] = [];
  let token: string | undefined;
  const another = async (more: Partial<AnchorSettings> = {}) => {
    const anchor = await startAnchor({
      home: nats.home,
      listen: `127.0.0.1:${await freePort()}`,
      publicNatsUrls: [nats.url],
      log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
      leaseTtlMs: LEASE_TTL_MS,
      ...settings,
      ...more,
      env: { SCOREWALL_NATS_URL: nats.url, ...settings.env, ...more.env },
    });
    token ??= await renewLocalToken(admin);
    const test = new TestAnchor(anchor, token);
    anchors.push(test);
    return test;
  };
  const admin = await nats.connectAs('admin');
  const first = await another();
  return {
    nats,
    admin,
    first,
    ownerSecret: async () => new URL(await createOwnerLink(admin, 'http://hub')).hash.slice(1),
    another,
    stop: async () => {
      await Promise.all(anchors.map((anchor) => anchor.stop().catch(() => {})));
      await admin.close();
      await nats.stop();
    },
  };
}

/** Waits until `look` gives something, or fails with what it saw last. */
export const eventually = <T>(look: () => Promise<T | undefined | false>, what: string, withinMs = 60_000): Promise<T> =>
  waitFor(what, look, { deadlineMs: withinMs, everyMs: 20 });
