/** `scorewall device add|label`: registers a device and writes the two files to carry to it; changes what it is labelled. */
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LABEL_VALUE_PATTERN, type Labels, NAME_PATTERN } from '#contracts/name.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { labelText } from './get.ts';

export async function addDevice(
  { hub, terminal }: Context,
  name: string,
  options: { label: string[]; directory: string },
): Promise<void> {
  if (!NAME_PATTERN.test(name))
    throw new CliError(
      EXIT.usage,
      `${JSON.stringify(name)} cannot be the name of a device.`,
      'Nothing was changed. Use lower-case letters, digits and dashes, at most 63 characters.',
    );
  const { set } = readLabelChanges(options.label, false);
  const folder = path.resolve(options.directory);
  // Looked at before the hub makes a key: it is shown once only.
  requireWritable(folder);
  for (const file of [`${name}.toml`, `${name}.creds`].map((one) => path.join(folder, one)))
    if (existsSync(file))
      throw new CliError(
        EXIT.usage,
        `${file} is there already.`,
        'Nothing was changed. Move it away, or choose another folder with -d.',
      );
  const added = await hub.addDevice(name, set);
  // The config under the device's own name: files of several devices fit into one folder.
  const files = [{ ...added.config, fileName: `${name}.toml` }, added.creds, ...(added.ca ? [added.ca] : [])];
  for (const { fileName, content } of files) writeFileSync(path.join(folder, path.basename(fileName)), content, { mode: 0o600 });
  const [config, creds, ca] = files.map((one) => path.join(options.directory, path.basename(one.fileName)));
  terminal.out(
    [
      `${terminal.paint('green', '✓')} ${name} is added. Its seat on the wall waits for its first hello.`,
      `  ${config}   what the agent is told`,
      `  ${creds}   its secret key: there is no second copy of it`,
      ...(ca ? [`  ${ca}   the certificate it knows the hub by`] : []),
      `Carry them to the device, into the same folder, and start there: scorewall-agent --config ${path.basename(config!)}`,
    ].join('\n'),
  );
}

function requireWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new CliError(
      EXIT.usage,
      `${folder} cannot be written to.`,
      'Nothing was changed. Choose another folder with -d.',
      error,
    );
  }
}

export async function labelDevice({ hub, terminal }: Context, name: string, changes: readonly string[]): Promise<void> {
  const { set, remove } = readLabelChanges(changes, true);
  const { device, revision } = await hub.device(name);
  const kept = Object.entries(device.labels).filter(([key]) => !remove.includes(key));
  const labels = { ...Object.fromEntries(kept), ...set };
  await hub.labelDevice(name, labels, revision);
  terminal.out(`${terminal.paint('green', '✓')} ${name}: ${labelText(labels)}`);
}

/** `role=camera` sets, `role-` removes. */
export function readLabelChanges(changes: readonly string[], mayRemove: boolean): { set: Labels; remove: string[] } {
  const set: Labels = {};
  const remove: string[] = [];
  for (const change of changes) {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(change) ?? [];
    if (key !== undefined && value !== undefined && NAME_PATTERN.test(key) && LABEL_VALUE_PATTERN.test(value)) set[key] = value;
    else if (mayRemove && change.endsWith('-') && NAME_PATTERN.test(change.slice(0, -1))) remove.push(change.slice(0, -1));
    else
      throw new CliError(
        EXIT.usage,
        `${JSON.stringify(change)} is no label.`,
        `Nothing was changed. Write it like role=camera${mayRemove ? ', or role- to remove it' : ''}.`,
      );
  }
  return { set, remove };
}
