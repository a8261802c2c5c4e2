/**
 * The id of one connection of a person: `<user>_<24 hex digits>`. The hub mints it, NATS holds everybody to their own, so a
 * device may read in a subject who asks.
 */
import * as z from 'zod';

const UID = /^[a-z0-9][a-z0-9-]{0,62}_[0-9a-f]{24}$/;

export const Uid = z.string().regex(UID, 'Not a connection id.').describe('`<user>_<24 hex digits>`, made by the hub.');

export const isUid = (text: string): boolean => UID.test(text);

/** `sam_0123…` belongs to sam. */
export const personOf = (uid: string): string => uid.slice(0, uid.lastIndexOf('_'));
