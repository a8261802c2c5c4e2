/** `scorewall people list|invite|remove`. */
import { type Grant, grantWords, Role } from '#contracts/access.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { ageOf } from '../output/duration.ts';
import { toTable } from '../output/table.ts';
import { confirm } from './delete.ts';

export const INVITED_ROLES = Role.options.filter((role) => role !== 'owner');

export async function listPeople({ hub, terminal }: Context, asJson: boolean): Promise<void> {
  const people = await hub.people();
  if (asJson) return terminal.out(JSON.stringify(people, null, 2));
  const now = Date.now();
  terminal.out(
    toTable(
      ['NAME', 'ROLE', 'SINCE', 'INVITED BY'],
      [
        ...people.items.map((one) => [one.name, wordsOf(one), ageOf(one.createdAt, now), one.invitedBy ?? '-']),
        ...people.invites.map((one) => [one.name, wordsOf(one), terminal.paint('yellow', 'invited'), one.createdBy]),
      ],
    ),
  );
}

const wordsOf = ({ role, grants }: { role: Role; grants: readonly Grant[] }) => (grants.length > 0 ? grantWords(grants) : role);

export async function invitePerson({ hub, terminal }: Context, name: string, grant: Grant): Promise<void> {
  const { url, expiresAt } = await hub.invite(name, grant);
  if (!url)
    throw new CliError(
      EXIT.failed,
      'The hub made an invite without a link.',
      `Take it back with: npx scorewall people remove ${name}`,
    );
  terminal.out(
    [
      `${terminal.paint('green', '✓')} ${name} is invited as ${grantWords([grant])}. Hand over this link; it is good once, until ${expiresAt}:`,
      `  ${url}`,
    ].join('\n'),
  );
}

/** Everything they had before is replaced. */
export async function changePerson({ hub, terminal }: Context, name: string, grants: readonly Grant[]): Promise<void> {
  const person = await hub.changePerson(name, grants);
  terminal.out(`${terminal.paint('green', '✓')} ${name} is ${wordsOf(person)} from now on.`);
}

export async function removePerson({ hub, terminal }: Context, name: string, yes: boolean): Promise<void> {
  const { items, invites } = await hub.people();
  const person = items.find((one) => one.name === name);
  if (!person && !invites.some((one) => one.name === name))
    throw new CliError(
      EXIT.notFound,
      `Nobody is called ${JSON.stringify(name)} here.`,
      'Nothing was changed. See: npx scorewall people list',
    );
  if (person) {
    await confirm(
      terminal,
      name,
      yes,
      `Removing ${name} signs them out everywhere and ends what they watch. Devices are not affected.`,
    );
    await hub.removePerson(name);
  } else await hub.removeInvite(name);
  terminal.out(`${terminal.paint('green', '✓')} ${person ? `${name} is removed.` : `The invite of ${name} is taken back.`}`);
}
