/** The registry's record of a device: who it is and where it sits on the wall. Bucket `devices`, key `<device>`. */
import * as z from 'zod';
import { Labels, Name } from './name.ts';

/** Frame colours in the order they are given out; from the 13th device on they come back with a notch in the plate. */
export const FRAME_COLOURS = [
  'tangerine',
  'lagoon',
  'marigold',
  'iris',
  'fern',
  'rose',
  'sky',
  'brick',
  'olive',
  'orchid',
  'jade',
  'cobalt',
] as const;
export type FrameColour = (typeof FRAME_COLOURS)[number];

export const Device = z
  .object({
    name: Name,
    labels: Labels,
    seat: z
      .number()
      .int()
      .nonnegative()
      .describe("Place on the wall, from 0. The frame's colour is `FRAME_COLOURS[seat % 12]`, its notches `floor(seat / 12)`."),
    publicKey: z
      .string()
      .describe("The public nkey (`U...`) of the device's NATS user; empty for a device with shared credentials."),
    local: z.boolean().describe('Runs on the same machine as the hub; stamped LOCAL on the wall.'),
    createdAt: z.iso.datetime(),
    createdBy: z.string().describe('Who added it.'),
  })
  .meta({ id: 'Device' });
export type Device = z.infer<typeof Device>;

export const frameColour = (seat: number): FrameColour => FRAME_COLOURS[seat % FRAME_COLOURS.length]!;

/** `alice` is written Alice, `front-door` Front Door. */
export const displayName = (name: string): string =>
  name.replace(/(^|-)([a-z0-9])/g, (_, dash: string, letter: string) => (dash ? ' ' : '') + letter.toUpperCase());

/** Two letters for the plate: Al, Ar, Oc; initials where the name has parts. */
export function monogram(name: string): string {
  const [first = '', second] = name.split('-').filter(Boolean);
  return second ? (first[0]! + second[0]!).toUpperCase() : first[0]?.toUpperCase() + (first[1] ?? '');
}
