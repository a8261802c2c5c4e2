/** Every key there is, for the sheet of keys. */
export interface KeyLine {
  keys: readonly string[];
  does: string;
}

export const KEY_TABLE: readonly { place: string; lines: readonly KeyLine[] }[] = [
  {
    place: 'Everywhere',
    lines: [
      { keys: ['Mod', 'K'], does: 'Find and do anything' },
      { keys: ['?'], does: 'This sheet' },
      { keys: ['g', 'w'], does: 'Go to the wall' },
      { keys: ['g', 'd'], does: 'Go to Deployments' },
      { keys: ['a'], does: 'Add a device' },
      { keys: ['n'], does: 'New deployment' },
    ],
  },
  {
    place: 'In an open tile',
    lines: [
      { keys: ['Esc'], does: 'Back to the wall' },
      { keys: ['←', '→'], does: 'The neighbour' },
      { keys: ['s'], does: 'Services' },
      { keys: ['i'], does: 'Info' },
    ],
  },
  {
    place: 'Editor',
    lines: [
      { keys: ['Mod', 'S'], does: 'Save the draft (never deploys)' },
      { keys: ['Mod', 'Enter'], does: 'Review; there: deploy' },
      { keys: ['F8'], does: 'Next problem' },
      { keys: ['Mod', '\\'], does: 'From a field to its line of YAML' },
      { keys: ['Ctrl', 'Space'], does: 'Suggestions in YAML' },
      { keys: ['Mod', '/'], does: 'Comment a line of YAML' },
      { keys: ['Esc', 'Tab'], does: 'Leave the YAML' },
    ],
  },
  {
    place: 'Wall',
    lines: [
      { keys: ['←', '↑', '↓', '→'], does: 'Move between the seats' },
      { keys: ['Enter'], does: 'Open the tile' },
      { keys: ['s'], does: 'Services of this device' },
      { keys: ['i'], does: 'Info of this device' },
      { keys: ['d'], does: 'Deployment of this device' },
      { keys: ['e'], does: 'Next tile in trouble' },
      { keys: ['Shift', 'e'], does: 'Tile in trouble before' },
      { keys: ['/'], does: 'Find devices by typing' },
      { keys: ['1', '2', '3'], does: 'Size S, M, L' },
      { keys: ['0'], does: 'Size by the space' },
      { keys: ['[', ']'], does: 'Page before, next page' },
      { keys: ['f'], does: 'Full screen' },
    ],
  },
];
