/** `scorewall-agent say`, `ask`, `step`, `call`, `publish`, `listen`: the local socket from a shell, in a container or on the host. */
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { AskReply, BusLine } from '#contracts/work.ts';

const IN_CONTAINER = '/run/scorewall/agent.sock';

export const LOCAL_COMMANDS_HELP = `  scorewall-agent say TEXT                       caption of this device's tile ('' takes it away)
  scorewall-agent step TEXT [--state doing|done|failed]
  scorewall-agent ask QUESTION [--options yes,no] [--timeout SECONDS]   prints the answer
  scorewall-agent call DEVICE TEXT               tells another device
  scorewall-agent publish TOPIC TEXT             to every device that listens
  scorewall-agent listen TOPIC                   a line of JSON for each message
      --socket FILE   else $SCOREWALL_SOCKET, else ${IN_CONTAINER}
`;

type Options = { options?: string; timeout?: string; state?: string };
type Build = (words: readonly string[], options: Options) => { path: string; body?: object };

const COMMANDS: Readonly<Record<string, { words: number; build: Build }>> = {
  say: { words: 1, build: ([text]) => ({ path: '/say', body: { text } }) },
  step: { words: 1, build: ([text], { state }) => ({ path: '/step', body: { text, ...(state ? { state } : {}) } }) },
  ask: {
    words: 1,
    build: ([question], { options, timeout }) => ({
      path: '/ask',
      body: {
        question,
        ...(options ? { options: options.split(',').map((one) => one.trim()) } : {}),
        ...(timeout ? { timeoutSeconds: Number(timeout) } : {}),
      },
    }),
  },
  call: { words: 2, build: ([to, text]) => ({ path: '/call', body: { to, text } }) },
  publish: { words: 2, build: ([topic, data]) => ({ path: '/publish', body: { topic, data } }) },
  listen: { words: 1, build: ([topic]) => ({ path: `/subscribe?topic=${encodeURIComponent(topic!)}` }) },
};

export const isLocalCommand = (word: string | undefined): word is string => word !== undefined && Object.hasOwn(COMMANDS, word);

/** Exit code: 0 done, 1 refused (the reason is on stderr), 64 a wrong command line, 69 no socket. */
export async function runLocalCommand(name: string, args: string[]): Promise<number> {
  let socket: string | undefined;
  let call: ReturnType<Build>;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        socket: { type: 'string' },
        options: { type: 'string' },
        timeout: { type: 'string' },
        state: { type: 'string' },
      },
    });
    const { words, build } = COMMANDS[name]!;
    if (positionals.length !== words)
      throw new Error(`${name} takes ${words} word${words > 1 ? 's' : ''}; quote what has spaces.`);
    socket = values.socket ?? process.env.SCOREWALL_SOCKET ?? IN_CONTAINER;
    call = build(positionals, values);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${LOCAL_COMMANDS_HELP}`);
    return 64;
  }
  if (!existsSync(socket)) {
    process.stderr.write(
      `There is no socket at ${socket}, so nothing was said. In a container, set agentSocket: true for its service; on the host, name the agent's: --socket STATE_DIR/agent.sock\n`,
    );
    return 69;
  }
  return await send(socket, call, (line) => print(name, line)).catch((error: Error) => {
    process.stderr.write(`The agent did not answer (${error.message}). Does it run?\n`);
    return 69;
  });
}

function send(socketPath: string, { path, body }: ReturnType<Build>, onLine: (line: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method: body ? 'POST' : 'GET', headers: { 'Content-Type': 'application/json' } });
    asking.on('error', reject);
    asking.on('response', (response) => {
      const ok = response.statusCode === 200;
      const lines = createInterface({ input: response });
      lines.on('line', (line) => {
        if (ok) onLine(line);
        else process.stderr.write(`${(JSON.parse(line) as { error: string }).error}\n`);
      });
      lines.on('close', () => resolve(ok ? 0 : 1));
    });
    asking.end(body ? JSON.stringify(body) : undefined);
  });
}

function print(name: string, line: string): void {
  if (name === 'ask') process.stdout.write(`${AskReply.parse(JSON.parse(line)).answer}\n`);
  // An empty line only says that the agent is there.
  else if (name === 'listen' && line !== '') process.stdout.write(`${JSON.stringify(BusLine.parse(JSON.parse(line)))}\n`);
}
