/** `scorewall logs`: lines of services of one device or of several, as they were written and as they are being written. */
import { displayName } from '#contracts/device.ts';
import type { LogRecord, LogRequest } from '#contracts/stream/log.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { HubLink } from '../live/hub-link.ts';
import { LogSession } from '../live/log-session.ts';
import { type LineForm, logLine } from '../logs/log-text.ts';
import { Merge, type MergedRecord } from '../logs/merge.ts';
import { readSince } from '../logs/since.ts';
import { printable } from '../output/printable.ts';
import { tinted } from '../output/terminal.ts';
import { findTarget, type Source } from '../target.ts';
import { requireRight } from '../terminal/open-terminal.ts';

export interface LogOptions {
  deployment?: string;
  follow: boolean;
  tail: number;
  since?: string;
  search?: string;
  ignoreCase: boolean;
  timestamps: boolean;
  output: 'text' | 'json';
}

interface Asked {
  device: string;
  sources?: Source[];
}

export async function logs(context: Context, target: string | undefined, options: LogOptions): Promise<number> {
  await requireRight(context.hub, 'logs');
  const all = await whatToRead(context, target, options.deployment);
  const request = toRequest(options);
  const print = printer(context, all, options);
  const merge = new Merge(
    all.map(({ device }) => device),
    options.tail,
  );
  const ending = new AbortController();
  const stop = () => ending.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const link = await HubLink.open(context.hub, context.findHub);
  let failures = 0;
  try {
    const reading = all.map(async ({ device, sources }) => {
      const session = new LogSession({
        link,
        device,
        request: { ...request, ...(sources ? { sources } : {}) },
        onRecords: (records) => print(merge.add(device, records)),
        onProgress: ({ phase }) => {
          if (phase === 'history' || phase === 'live' || phase === 'done') void print(merge.complete(device));
        },
        onTrouble: (message) => context.terminal.err(`${displayName(device)}: ${message}`),
      });
      try {
        await session.run(ending.signal);
      } catch (error) {
        if (all.length === 1) throw error;
        failures++;
        context.terminal.err(error instanceof Error ? error.message : String(error));
      }
      await print(merge.complete(device));
    });
    await Promise.all(reading);
  } finally {
    ending.abort();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    await link.close();
  }
  return failures > 0 ? EXIT.failed : EXIT.ok;
}

async function whatToRead({ hub }: Context, target: string | undefined, deployment: string | undefined): Promise<Asked[]> {
  if ((target === undefined) === (deployment === undefined))
    throw new CliError(
      EXIT.usage,
      target === undefined ? 'Say of what.' : 'Either a device, or --deployment.',
      'Nothing was asked. For example: npx scorewall logs alice/hello -f, or npx scorewall logs --deployment hello',
    );
  if (target !== undefined) {
    const { device, services } = await findTarget(hub, target);
    return [{ device, ...(services ? { sources: services } : {}) }];
  }
  const { deployment: found } = await hub.deployment(deployment!);
  const sources = found.spec.score.data.services.map(({ name }) => ({ deployment: deployment!, service: name }));
  const devices = (await hub.deploymentDevices(deployment!)).map(({ device }) => device);
  if (devices.length > 0) return devices.map((device) => ({ device, sources }));
  throw new CliError(
    EXIT.notFound,
    `${deployment} goes to no device.`,
    'See where it should go: npx scorewall describe deployment '.concat(deployment!),
  );
}

function toRequest({ follow, tail, since, search, ignoreCase }: LogOptions): Omit<LogRequest, 'sid'> {
  if (search !== undefined) requirePattern(search);
  return {
    follow,
    tail,
    ...(since === undefined ? {} : { since: readSince(since, Date.now()) }),
    ...(search === undefined ? {} : { search: { pattern: search, regex: true, caseSensitive: !ignoreCase } }),
  };
}

function requirePattern(pattern: string): void {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    throw new CliError(
      EXIT.usage,
      `${JSON.stringify(pattern)} is no regular expression.`,
      'Nothing was asked. Put a backslash before ( [ { * + ? . to find the character itself.',
      error,
    );
  }
}

/** Waits while nobody takes what was printed: the device then waits too. */
function printer({ terminal }: Context, all: readonly Asked[], { output, timestamps }: LogOptions) {
  const colours = terminal.paint === tinted;
  const form: LineForm = { paint: terminal.paint, colours, timestamps, source: sourceOf(all) };
  const lineOf = (device: string, record: LogRecord) =>
    output === 'json' ? printable(JSON.stringify({ device, ...record })) : logLine(device, record, form);
  return async (records: readonly MergedRecord[]): Promise<void> => {
    if (records.length > 0) await terminal.lines(records.map(({ device, record }) => lineOf(device, record)));
  };
}

/** Only as much as tells the lines apart. */
function sourceOf(all: readonly Asked[]): LineForm['source'] {
  const isOneService = all.every(({ sources }) => sources?.length === 1);
  const service = ({ d, s }: LogRecord) => (isOneService || !s ? '' : d === s || !d ? s : `${d}/${s}`);
  if (all.length === 1) return (_, record) => service(record);
  return (device, record) => [device, service(record)].filter(Boolean).join(' ');
}
