/** A device's name, monogram and frame colour as people see them. Apart from its schema, so that a page may draw before it can parse. Pure. */
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
type FrameColour = (typeof FRAME_COLOURS)[number];

export const frameColour = (seat: number): FrameColour => FRAME_COLOURS[seat % FRAME_COLOURS.length]!;

/** `alice` is written Alice, `front-door` Front Door. */
export const displayName = (name: string): string =>
  name.replace(/(^|-)([a-z0-9])/g, (_, dash: string, letter: string) => (dash ? ' ' : '') + letter.toUpperCase());

/** Two letters for the plate: Al, Ar, Oc; initials where the name has parts. */
export function monogram(name: string): string {
  const [first = '', second] = name.split('-').filter(Boolean);
  return second ? (first[0]! + second[0]!).toUpperCase() : first[0]?.toUpperCase() + (first[1] ?? '');
}
