/** The command line's grammar: every command with its flags, help and examples. What they do is in `commands/`. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { type ApplyOptions, apply } from './commands/apply.ts';
import { deleteDeployment, deleteDevice } from './commands/delete.ts';
import { demo } from './commands/demo.ts';
import { describeDeployment, describeDevice } from './commands/describe.ts';
import { addDevice, labelDevice } from './commands/device.ts';
import { doctor } from './commands/doctor.ts';
import { getDeployments, getDevices, OUTPUTS, type Output } from './commands/get.ts';
import { clearDevice, type JoinOptions, joinDevice, keepOutDevice, renewDevice, takeBackDevice } from './commands/identity.ts';
import { ownerLink } from './commands/owner-link.ts';
import { status } from './commands/status.ts';
import { up } from './commands/up.ts';
import { decideUpdate, listUpdates, type UpdateOptions, updateDevices } from './commands/updates.ts';
import { type Context, openHub } from './context.ts';
import { example } from './example.ts';
import { EXIT_HELP } from './exit-code.ts';
import { addLiveCommands, addPeopleCommands, addRecordingCommands, addTokenCommands } from './live-commands.ts';
import type { Terminal } from './output/terminal.ts';

interface Surroundings {
  terminal: Terminal;
  /** The checkout this command line belongs to. */
  projectRoot: string;
  version: string;
}

export function createProgram({ terminal, projectRoot, version }: Surroundings): Command {
  const program = new Command('scorewall')
    .description('See your fleet work, and change what runs on it.')
    .version(version)
    .option('--home <dir>', 'home of a hub on this machine (default: $SCOREWALL_HOME, else ./.scorewall)')
    .enablePositionalOptions()
    .showHelpAfterError('See: npx scorewall --help')
    .addHelpText('after', `${EXAMPLES}\n${EXIT_HELP}`);
  const home = () => program.opts<{ home?: string }>().home;
  const findHub = () => openHub(home());
  const context = (): Context => ({ terminal, hub: findHub(), findHub });

  program
    .command('up')
    .description('start the hub and three local devices here; flags: npx scorewall up --help')
    .allowUnknownOption()
    .allowExcessArguments()
    .passThroughOptions()
    .helpOption(false)
    .action((_options, command: Command) => up(projectRoot, [...(home() ? ['--home', home()!] : []), ...command.args]));

  program
    .command('apply')
    .description('create deployments, or change them to what a manifest says')
    .requiredOption('-f, --filename <path>', 'a file, a folder of .yaml, .yml and .json files, or - for standard input')
    .option('-m, --message <text>', 'why, for the list of revisions')
    .option('--dry-run', 'say what would happen, change nothing')
    .option('--wait', 'until it runs on every device that can be reached')
    .option('--timeout <seconds>', 'how long --wait waits', positiveNumber, 120)
    .option('--force', 'overwrite what somebody else changed since')
    .addHelpText(
      'after',
      example(
        'apply -f hello.yaml --wait',
        'apply -f deployments/ --dry-run',
        'get deployments hello -o yaml | sed s/hello:1/hello:2/ | npx scorewall apply -f -',
      ),
    )
    .action((options: ApplyOptions) => apply(context(), options));

  program
    .command('get')
    .description('list devices or deployments')
    .argument('<kind>', 'devices or deployments', kindOf)
    .argument('[names...]', 'only these')
    .addOption(new Option('-o, --output <form>', 'how').choices(OUTPUTS).default('table'))
    .addHelpText(
      'after',
      example(
        'get devices',
        'get deployments -o wide',
        'get deployments hello -o yaml > hello.yaml',
        'get devices -o json | jq .items[].device.name',
      ),
    )
    .action((kind: Kind, names: string[], { output }: { output: Output }) =>
      kind === 'device' ? getDevices(context(), names, output) : getDeployments(context(), names, output),
    );

  program
    .command('describe')
    .description('everything known of one device or deployment')
    .argument('<kind>', 'device or deployment', kindOf)
    .argument('<name>')
    .addHelpText('after', example('describe device alice', 'describe deployment hello'))
    .action((kind: Kind, name: string) =>
      kind === 'device' ? describeDevice(context(), name) : describeDeployment(context(), name),
    );

  program
    .command('delete')
    .description('delete a deployment from every device, or remove a device')
    .argument('<kind>', 'deployment or device', kindOf)
    .argument('<name>')
    .option('-y, --yes', 'do not ask', false)
    .addHelpText('after', example('delete deployment hello', 'delete device shellfish --yes'))
    .action((kind: Kind, name: string, { yes }: { yes: boolean }) =>
      kind === 'device' ? deleteDevice(context(), name, yes) : deleteDeployment(context(), name, yes),
    );

  program
    .command('status')
    .description('the wall, as lines')
    .option('-w, --watch', 'again every second, until Ctrl-C', false)
    .action(({ watch }: { watch: boolean }) => status(context(), watch));

  addDeviceCommands(program, context);
  addUpdateCommands(program, context);
  addLiveCommands(program, context);
  addRecordingCommands(program, context);
  addPeopleCommands(program, context);
  addTokenCommands(program, context);

  program
    .command('owner-link')
    .description('a new one-time link that sets a new owner password')
    .action(() => ownerLink(context()));
  program
    .command('demo')
    .description('play the whole story against the running hub: PASS or FAIL, with times; cleans up after itself')
    .action(() => demo(context()));
  program
    .command('doctor')
    .description('look at this machine, the hub and each device, and say what to do')
    .action(async () => {
      process.exitCode = await doctor({ terminal }, home());
    });
  return program;
}

function addDeviceCommands(program: Command, context: () => Context): void {
  const device = program.command('device').description('let devices in, label them, renew their keys, keep them out');
  device
    .command('add')
    .description('register a device and write the two files to carry to it')
    .argument('<name>')
    .option('-l, --label <key=value>', 'a label; may be given several times', collect, [])
    .option('-d, --directory <dir>', 'where to write the files', '.')
    .addHelpText(
      'after',
      example('device add shellfish --label role=camera --label site=bonn', 'device add front-door -d /media/usb'),
    )
    .action((name: string, options: { label: string[]; directory: string }) => addDevice(context(), name, options));
  device
    .command('label')
    .description('set labels (role=camera) or remove them (role-)')
    .argument('<name>')
    .argument('<changes...>')
    .addHelpText('after', example('device label alice role=infer site-'))
    .action((name: string, changes: string[]) => labelDevice(context(), name, changes));
  device
    .command('join')
    .description('make the line that lets one device in')
    .option('-n, --name <name>', "its name (default: the device's own)")
    .option('-l, --label <key=value>', 'a label; may be given several times', collect, [])
    .option('--approve', 'ask here before it gets in: the same words have to stand on both', false)
    .option('--wait', 'until it is on the wall', false)
    .addHelpText('after', example('device join --wait', 'device join --name front-door --label site=bonn --approve'))
    .action((options: JoinOptions) => joinDevice(context(), options));
  device
    .command('renew')
    .description('have a device make itself a new key now, or every device')
    .argument('[name]')
    .option('--all', 'every device', false)
    .action((name: string | undefined, { all }: { all: boolean }) => renewDevice(context(), name, all));
  device
    .command('keep-out')
    .description('cut off a device that is stolen or copied, for good')
    .argument('<name>')
    .option('-y, --yes', 'do not ask', false)
    .action((name: string, { yes }: { yes: boolean }) => keepOutDevice(context(), name, yes));
  device
    .command('clear')
    .description('after a failed identity check: the one that runs now is the right one')
    .argument('<name>')
    .option('--holder <id>', 'which one, where several are connected')
    .action((name: string, { holder }: { holder?: string }) => clearDevice(context(), name, holder));
  device
    .command('take-back')
    .description('make the line that lets a device back in that was kept out')
    .argument('<name>')
    .action((name: string) => takeBackDevice(context(), name));
  device
    .command('update')
    .description('give devices the agent that this hub carries: one first, then a tenth, then the rest')
    .argument('[names...]')
    .option('--all', 'every device that runs an older one', false)
    .option('-w, --watch', 'until it is done, or stops', false)
    .addHelpText('after', example('device update alice --watch', 'device update --all'))
    .action((names: string[], options: UpdateOptions) => updateDevices(context(), names, options));
  device
    .command('remove')
    .description('take away its right to connect')
    .argument('<name>')
    .option('-y, --yes', 'do not ask', false)
    .action((name: string, { yes }: { yes: boolean }) => deleteDevice(context(), name, yes));
}

function addUpdateCommands(program: Command, context: () => Context): void {
  const updates = program
    .command('updates')
    .description('which agent runs where, and how far a new one has travelled')
    .addOption(new Option('-o, --output <form>', 'how').choices(['table', 'json']).default('table'))
    .addHelpText('after', example('updates', 'device update --all --watch', 'updates go-on'))
    .action(({ output }: { output: string }) => listUpdates(context(), output === 'json'));
  updates
    .command('go-on')
    .description('after a device went back: the rest gets the new agent all the same')
    .action(() => decideUpdate(context(), 'go-on'));
  updates
    .command('stop')
    .description('nobody else gets the new agent; who has it keeps it')
    .action(() => decideUpdate(context(), 'stop'));
}

const EXAMPLES = `
First steps:
  npx scorewall up                                  a hub and three devices on this machine
  npx scorewall demo                                watch one deployment come, change and go
  npx scorewall apply -f hello.yaml --wait          deploy from a file
  npx scorewall status --watch                      the wall in this terminal
  npx scorewall describe device alice               one device, everything
  npx scorewall shell alice                         a terminal there; leave with ~.

Which hub:
  SCOREWALL_URL and SCOREWALL_TOKEN (and SCOREWALL_CA for its own certificate), else the run.json
  that \`up\` leaves in its home: --home, else $SCOREWALL_HOME, else ./.scorewall.
`;

type Kind = 'device' | 'deployment';

function kindOf(text: string): Kind {
  if (['device', 'devices', 'dev'].includes(text)) return 'device';
  if (['deployment', 'deployments', 'deploy'].includes(text)) return 'deployment';
  throw new InvalidArgumentError('Say devices or deployments.');
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Give a number of seconds above 0.');
  return value;
}

const collect = (one: string, all: string[]): string[] => [...all, one];
