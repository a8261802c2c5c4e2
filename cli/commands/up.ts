/** `scorewall up`: hands this very process over to the set-up of the checkout, which has its own flags and its own Ctrl-C. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError, EXIT } from '../exit-code.ts';

export async function up(projectRoot: string, args: readonly string[]): Promise<void> {
  const script = path.join(projectRoot, 'server/up/bootstrap.mjs');
  if (!existsSync(script))
    throw new CliError(
      EXIT.usage,
      'This command line is not part of a checkout of Scorewall.',
      'Nothing was started. Run it in one, or use: npm run up.',
    );
  process.argv = [process.execPath, script, ...args];
  await import(pathToFileURL(script).href);
}
