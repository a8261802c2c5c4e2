/** The flags of `scorewall up`, read and checked before anything is touched. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { didYouMean } from '#contracts/did-you-mean.ts';
import { isName } from '#contracts/name.ts';
import { SetupError } from './setup-error.ts';

export interface UpOptions {
  home: string;
  port: number;
  natsPort: number;
  devices: { name: string; address: string }[];
  lan: boolean;
}

export const UP_HELP = `Usage: npm run up -- [flags]      (or: npx scorewall up [flags])

Starts the hub and three local devices on this machine: NATS, the anchor, the web server, a container engine, the agents.
Ctrl-C stops all of it; what you deployed is there again at the next start.

  --home DIR             where everything is kept           (default .scorewall)
  --port N               port of the pages                  (default 7400)
  --nats-port N          port devices connect to            (default 4222)
  --devices a,b,c        local devices to run               (default alice,aria,octavia)
  --no-devices           the hub alone
  --first-address IP     published ports of the first local device; the next ones count up
                         from there                         (default 127.0.0.11)
  --lan                  reachable from other machines, over TLS with the fleet's own CA
  --help                 this text

An existing NATS cluster is used instead of an own server when SCOREWALL_NATS_URL and
SCOREWALL_NATS_ACCOUNT_SIGNING_KEY_FILE are set; up says what is off without the rest.
`;

const DEFAULT_DEVICES = ['alice', 'aria', 'octavia'];
const FLAGS = {
  home: { type: 'string', default: '.scorewall' },
  port: { type: 'string', default: '7400' },
  'nats-port': { type: 'string', default: '4222' },
  devices: { type: 'string' },
  'no-devices': { type: 'boolean', default: false },
  'first-address': { type: 'string', default: '127.0.0.11' },
  lan: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** undefined: only help was asked for. */
export function parseUpOptions(args: readonly string[], folder: string): UpOptions | undefined {
  const values = parseFlags(args);
  if (values.help) return undefined;
  if (values.devices !== undefined && values['no-devices'])
    throw refused('--devices and --no-devices contradict each other. Use one of them.');
  const names = values['no-devices'] ? [] : (values.devices?.split(',').map((name) => name.trim()) ?? DEFAULT_DEVICES);
  const port = portOf('--port', values.port);
  const natsPort = portOf('--nats-port', values['nats-port']);
  if (port === natsPort) throw refused(`--port and --nats-port are both ${port}. Give one of them another port.`);
  return {
    home: path.resolve(folder, values.home),
    port,
    natsPort,
    devices: withAddresses(names, values['first-address']),
    lan: values.lan,
  };
}

function parseFlags(args: readonly string[]) {
  const known = Object.keys(FLAGS);
  for (const arg of args) {
    const word = /^--([^=]+)/.exec(arg)?.[1];
    if (word === undefined || known.includes(word)) continue;
    const meant = didYouMean(word, known);
    throw refused(`--${word} is not a flag of up.${meant ? ` Did you mean --${meant}?` : ' See --help.'}`);
  }
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw refused(`${(error as Error).message.split('\n')[0]} See --help.`);
  }
}

function portOf(flag: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw refused(`${flag} ${text} is no port. Ports go from 1 to 65535.`);
  return port;
}

function withAddresses(names: readonly string[], first: string): UpOptions['devices'] {
  const parts = first.split('.').map(Number);
  const isLoopback =
    parts.length === 4 && parts[0] === 127 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  if (!isLoopback) throw refused(`--first-address ${first} is no loopback address. Use one like 127.0.0.11.`);
  const last = parts[3]!;
  if (last + names.length - 1 > 254) throw refused(`${names.length} devices do not fit between ${first} and .254. Start lower.`);
  const seen = new Set<string>();
  return names.map((name, index) => {
    if (!isName(name)) throw refused(`"${name}" cannot be the name of a device. Use lower-case letters, digits and dashes.`);
    if (seen.has(name)) throw refused(`Two devices are called ${name}. Give one of them another name.`);
    seen.add(name);
    return { name, address: [...parts.slice(0, 3), last + index].join('.') };
  });
}

const refused = (message: string) => new SetupError(`${message} Nothing was started.`);
