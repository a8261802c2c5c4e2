/** Saved walls: which devices, in which order, with which faces. KV `walls`, key `<name>`; `main` is the wall at `/`. */
import * as z from 'zod';
import { Name } from './name.ts';
import { Face } from './peek.ts';

export { EMPTY_WALL, MAIN_WALL } from './wall-defaults.ts';

export const Wall = z
  .object({
    name: Name,
    title: z.string().trim().min(1).max(40),
    filter: z.string().max(200).describe('Words as typed into the filter; empty shows every device.'),
    group: Name.nullable().describe('Label the tiles are grouped by.'),
    density: z.enum(['auto', 'S', 'M', 'L']),
    layout: z.enum(['nine', 'fill']),
    order: z.array(Name).max(2_000).describe('Devices that were moved, in order; the others follow by seat.'),
    pinned: z.array(Name).max(49).describe('Always first, in this order.'),
    faces: z.record(Name, Face).describe('What a tile shows at rest where somebody chose it.'),
    cycleSeconds: z.number().int().min(5).max(3_600).describe('On a TV: how long before the next page or wall.'),
  })
  .meta({ id: 'Wall' });
export type Wall = z.infer<typeof Wall>;
