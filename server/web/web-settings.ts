/** What the front is told by its environment, checked once at the start. */
import { readFile } from 'node:fs/promises';

type Environment = Readonly<Record<string, string | undefined>>;

export type AnchorAddress = { socketPath: string } | { host: string; port: number };

export interface WebSettings {
  host: string;
  port: number;
  anchor: AnchorAddress;
  /** NATS's websocket listener. */
  nats: { host: string; port: number };
  tls: { cert: Buffer; key: Buffer } | undefined;
  /** Names besides localhost, `.local` and this machine's own under which people may open the pages. */
  hosts: readonly string[];
  /** Where agents for devices lie, before those of this checkout. */
  packageFolders?: readonly string[];
  /** How often an open live connection is asked for its session. */
  sessionCheckMs?: number;
}

export async function readWebSettings(env: Environment): Promise<WebSettings> {
  const { SCOREWALL_TLS_CERT: cert, SCOREWALL_TLS_KEY: key } = env;
  if (Boolean(cert) !== Boolean(key))
    throw new Error('SCOREWALL_TLS_CERT and SCOREWALL_TLS_KEY belong together: set both for https, or neither.');
  return {
    host: env.SCOREWALL_WEB_HOST || '127.0.0.1',
    port: portOf('SCOREWALL_WEB_PORT', env.SCOREWALL_WEB_PORT || '7400'),
    anchor: anchorOf(needed(env, 'SCOREWALL_ANCHOR')),
    nats: hostPortOf('SCOREWALL_NATS_WS', needed(env, 'SCOREWALL_NATS_WS')),
    tls: cert && key ? { cert: await readFile(cert), key: await readFile(key) } : undefined,
    ...(env.SCOREWALL_PACKAGES ? { packageFolders: [env.SCOREWALL_PACKAGES] } : {}),
    hosts: (env.SCOREWALL_HOSTS ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter(Boolean),
  };
}

function needed(env: Environment, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set. The pages cannot start without it; \`scorewall up\` sets it.`);
  return value;
}

function anchorOf(text: string): AnchorAddress {
  if (text.startsWith('unix:')) return { socketPath: text.slice('unix:'.length) };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:')
    throw new Error(`SCOREWALL_ANCHOR is ${JSON.stringify(text)}. Use unix:/path or http://host:port.`);
  return { host: bare(url.hostname), port: Number(url.port || 80) };
}

function hostPortOf(name: string, text: string): { host: string; port: number } {
  const at = text.lastIndexOf(':');
  if (at < 1) throw new Error(`${name} is ${JSON.stringify(text)}. Use host:port.`);
  return { host: bare(text.slice(0, at)), port: portOf(name, text.slice(at + 1)) };
}

const bare = (host: string) => host.replace(/^\[|\]$/g, '');

/** 0 lets the system choose one. */
function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${name} is ${JSON.stringify(text)}. Use a port from 1 to 65535.`);
  return port;
}
