/** The grammar of the commands that look at devices live: terminals, logs, recordings; and of people. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { GivenGrants } from '#contracts/access.ts';
import { type LogOptions, logs } from './commands/logs.ts';
import { changePerson, INVITED_ROLES, invitePerson, listPeople, removePerson } from './commands/people.ts';
import { listRecordings, playRecording, saveRecording } from './commands/recordings.ts';
import { sessions } from './commands/sessions.ts';
import { exec, type ShellOptions, shell } from './commands/shell.ts';
import { createToken, listTokens, removeToken } from './commands/tokens.ts';
import type { Context } from './context.ts';
import { example } from './example.ts';
import { readGrant } from './grant.ts';

const output = () => new Option('-o, --output <form>', 'how').choices(['table', 'json']).default('table');

export function addLiveCommands(program: Command, context: () => Context): void {
  program
    .command('shell')
    .description('a terminal on a device, or in a service there; leave with ~.')
    .argument('<device[/service]>')
    .option('--attach <session>', 'one that is open already, see: scorewall sessions')
    .option('--watch', 'look only', false)
    .addHelpText('after', example('shell alice', 'shell alice/hello', 'shell alice --attach 0011223344556677 --watch'))
    .action(async (target: string, options: ShellOptions) => {
      process.exitCode = await shell(context(), target, options);
    });
  program
    .command('exec')
    .description('run a command in a service; its exit code is the exit code')
    .argument('<device/service>')
    .argument('[command...]', 'a shell if absent')
    .passThroughOptions()
    .addHelpText(
      'after',
      example('exec alice/hello -- sh', 'exec alice/shop/web -- ls -l /srv', 'exec alice/db -- pg_dump shop > shop.sql'),
    )
    .action(async (target: string, command: string[]) => {
      // The dashes that keep the command's own options from us are passed through with them.
      process.exitCode = await exec(context(), target, command[0] === '--' ? command.slice(1) : command);
    });
  program
    .command('logs')
    .description('what services write, of one device or of a deployment everywhere')
    .argument('[device[/service]]')
    .option('--deployment <name>', 'on every device it goes to, by time')
    .option('-f, --follow', 'go on with what is being written', false)
    .option('--tail <lines>', 'how many of those that were written', lineCount, 200)
    .option('--since <time>', 'only those since 30s, 15m, 1h, 2d ago, or since a moment')
    .option('--search <regex>', 'only lines that match')
    .option('-i, --ignore-case', 'with --search', false)
    .option('-t, --timestamps', 'say when', false)
    .addOption(new Option('-o, --output <form>', 'how').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      example(
        'logs alice/hello -f',
        'logs alice --since 1h -t',
        "logs --deployment shop --search 'error|panic' -i",
        'logs alice -o json | jq .x',
      ),
    )
    .action(async (target: string | undefined, options: LogOptions) => {
      process.exitCode = await logs(context(), target, options);
    });
  program
    .command('sessions')
    .description('the terminals that are open on a device')
    .argument('<device>')
    .addOption(output())
    .action((device: string, options: { output: string }) => sessions(context(), device, options.output === 'json'));
}

export function addRecordingCommands(program: Command, context: () => Context): void {
  const recordings = program.command('recordings').description('what was done in terminals and on screens');
  recordings
    .command('list')
    .argument('[device]', 'only of this one')
    .addOption(output())
    .action((device: string | undefined, options: { output: string }) =>
      listRecordings(context(), device, options.output === 'json'),
    );
  recordings
    .command('play')
    .description('play one in this terminal')
    .argument('<recording>')
    .option('-s, --speed <times>', 'how much faster', positive, 1)
    .option('--idle <seconds>', 'longest time without output', positive, 2)
    .action((id: string, { speed, idle }: { speed: number; idle: number }) =>
      playRecording(context(), id, { speed, idleS: idle }),
    );
  recordings
    .command('save')
    .description('keep one as a file, for asciinema or others; - for standard output')
    .argument('<recording>')
    .argument('[file]')
    .action((id: string, file: string | undefined) => saveRecording(context(), id, file));
}

export function addPeopleCommands(program: Command, context: () => Context): void {
  const people = program.command('people').description('who may come in, and as what');
  people
    .command('list')
    .addOption(output())
    .action((options: { output: string }) => listPeople(context(), options.output === 'json'));
  people
    .command('invite')
    .description('make a link that lets somebody in')
    .argument('<name>', 'what they will be called here')
    .addOption(new Option('-r, --role <role>', 'what they may do').choices(INVITED_ROLES).default('viewer'))
    .option('--on <labels>', 'only for devices with these labels', '')
    .addHelpText('after', example('people invite sam --role operator', 'people invite kim --role operator --on site=berlin'))
    .action((name: string, given: Given) => invitePerson(context(), name, grantOf(given)));
  people
    .command('change')
    .description('give a person other rights, at once')
    .argument('<name>')
    .requiredOption('-g, --grant <grant>', 'a role, or a role on labels; may be given several times', collectGrants, [])
    .addHelpText('after', example('people change sam --grant viewer --grant operator:site=berlin'))
    .action((name: string, { grant }: { grant: GivenGrants }) => changePerson(context(), name, grant));
  people
    .command('remove')
    .description('remove a person, or take back an invite')
    .argument('<name>')
    .option('-y, --yes', 'do not ask', false)
    .action((name: string, { yes }: { yes: boolean }) => removePerson(context(), name, yes));
}

export function addTokenCommands(program: Command, context: () => Context): void {
  const tokens = program.command('tokens').description('keys for programs, with at most your own rights');
  tokens
    .command('list')
    .addOption(output())
    .action((options: { output: string }) => listTokens(context(), options.output === 'json'));
  tokens
    .command('create')
    .description('make one; it is printed once, alone on standard output')
    .argument('<name>', 'what it is for')
    .addOption(new Option('-r, --role <role>', 'what it may do').choices(INVITED_ROLES).default('viewer'))
    .option('--on <labels>', 'only for devices with these labels', '')
    .option('-d, --days <days>', 'how long it is good for, 365 at most', positive, 30)
    .addHelpText(
      'after',
      example('tokens create backup --role viewer --days 90', 'tokens create ci -r operator --on site=berlin'),
    )
    .action((name: string, { days, ...given }: Given & { days: number }) =>
      createToken(context(), name, { grant: grantOf(given), days }),
    );
  tokens
    .command('remove')
    .description('refuse one from now on')
    .argument('<id>', 'see: scorewall tokens list')
    .action((id: string) => removeToken(context(), id));
}

interface Given {
  role: string;
  on: string;
}

const grantOf = ({ role, on }: Given): GivenGrants[number] => checkedGrant(on ? `${role}:${on}` : role);
const collectGrants = (text: string, before: GivenGrants): GivenGrants => [...before, checkedGrant(text)];

function checkedGrant(text: string): GivenGrants[number] {
  const grant = readGrant(text);
  if (typeof grant === 'string') throw new InvalidArgumentError(grant);
  return grant;
}

function lineCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 100_000) return value;
  throw new InvalidArgumentError('Give a number of lines from 0 to 100000.');
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number above 0.');
}
