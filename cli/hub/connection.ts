/** Finds the hub: SCOREWALL_URL and SCOREWALL_TOKEN, else the run file that `scorewall up` left in its home. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RunFile } from '#contracts/run-file.ts';
import { CliError, EXIT } from '../exit-code.ts';

export interface Connection {
  url: string;
  token: string;
  /** Certificate the hub's own is checked against, PEM; absent: the ones Node trusts. */
  ca?: string;
  /** Where this was read, for messages. */
  source: string;
  /** Of a hub on this machine. */
  runFile?: RunFile;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function findConnection(environment: Environment, folder: string, home?: string): Connection {
  const { SCOREWALL_URL: url, SCOREWALL_TOKEN: token, SCOREWALL_CA: ca } = environment;
  if (url && !home) {
    if (!token)
      throw new CliError(
        EXIT.denied,
        'SCOREWALL_URL is set, but SCOREWALL_TOKEN is not.',
        'Nothing was asked. Set both, or neither.',
      );
    return { url: url.replace(/\/+$/, ''), token, source: 'SCOREWALL_URL', ...(ca ? { ca: read(ca) } : {}) };
  }
  const file = path.resolve(folder, home ?? environment.SCOREWALL_HOME ?? '.scorewall', 'run.json');
  const runFile = readRunFile(file);
  return {
    url: runFile.url.replace(/\/+$/, ''),
    token: runFile.apiToken,
    source: file,
    runFile,
    ...(runFile.caFile ? { ca: read(runFile.caFile) } : {}),
  };
}

function readRunFile(file: string): RunFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(
      EXIT.unreachable,
      `No hub is known here: there is no ${file}.`,
      'Start one with: npx scorewall up. Or name its home with --home, or set SCOREWALL_URL and SCOREWALL_TOKEN.',
      error,
    );
  }
  try {
    return RunFile.parse(JSON.parse(text));
  } catch (error) {
    throw new CliError(
      EXIT.unreachable,
      `${file} is not a run file of this version.`,
      'Start the hub again: npx scorewall up.',
      error,
    );
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(
      EXIT.unreachable,
      `The certificate ${file} cannot be read, so the hub cannot be trusted.`,
      'Check SCOREWALL_CA, or start the hub again.',
      error,
    );
  }
}
