/** `scorewall owner-link`: a new one-time link, for the day the password is lost. */
import type { Context } from '../context.ts';

export async function ownerLink({ hub, terminal }: Context): Promise<void> {
  const { url } = await hub.ownerLink();
  terminal.out(url);
  terminal.err('Whoever opens this link sets a new password and is the owner. Good once, for 15 minutes.');
}
