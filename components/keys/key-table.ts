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
    place: 'Lines of a log',
    lines: [
      { keys: ['f'], does: 'Follow new lines, or stand still' },
      { keys: ['/'], does: 'Find; Ctrl Enter: in everything kept' },
      { keys: ['n'], does: 'Next find; with Shift the one before' },
      { keys: ['j', 'k'], does: 'Mark the next line, the one before; with Shift more of them' },
      { keys: ['Enter'], does: 'Unfold a marked line of JSON' },
      { keys: ['c'], does: 'Copy a link to the line' },
      { keys: ['Shift', 'c'], does: 'Copy the marked lines, or all' },
      { keys: ['Shift', 'd'], does: 'Download what is shown' },
      { keys: ['w'], does: 'Wrap long lines' },
      { keys: ['t'], does: 'Times' },
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
      { keys: ['t'], does: 'Terminal of this device' },
      { keys: ['l'], does: 'Logs of this device' },
      { keys: ['s'], does: 'Services of this device' },
      { keys: ['i'], does: 'Info of this device' },
      { keys: ['d'], does: 'Deployment of this device' },
      { keys: ['.'], does: 'Menu of the tile' },
      { keys: ['Space'], does: 'Freeze the picture, let it go on' },
      { keys: ['Shift', '→'], does: 'Move the tile' },
      { keys: ['p'], does: 'Pin first, unpin' },
      { keys: ['='], does: 'Tidy: back to the seats' },
      { keys: ['Mod', 'Z'], does: 'Undo the layout' },
      { keys: ['Mod', 'Shift', 'Z'], does: 'Redo the layout' },
      { keys: ['x'], does: 'Select (also Ctrl+click, Shift+click)' },
      { keys: ['b'], does: 'Broadcast a line to the selection' },
      { keys: ['Esc'], does: 'One layer back' },
      { keys: ['e'], does: 'Next tile in trouble' },
      { keys: ['Shift', 'e'], does: 'Tile in trouble before' },
      { keys: ['/'], does: 'Find devices by typing' },
      { keys: ['1', '2', '3'], does: 'Size S, M, L' },
      { keys: ['0'], does: 'Size by the space' },
      { keys: ['Alt', '1'], does: 'Size of this tile (to Alt+3; Alt+0: as the others)' },
      { keys: ['[', ']'], does: 'Page before, next page (PgUp, PgDn)' },
      { keys: ['w', '1'], does: 'Saved wall (to w 9)' },
      { keys: ['k'], does: 'TV mode' },
      { keys: ['m'], does: 'Mute sounds and announcements' },
      { keys: ['f'], does: 'Full screen' },
    ],
  },
  {
    place: 'TV',
    lines: [
      { keys: ['←', '→'], does: 'Wall before, next wall' },
      { keys: ['OK'], does: 'Hold, go on' },
      { keys: ['↑'], does: 'Names of the shapes for 2 s' },
      { keys: ['Back'], does: 'Three times: leave, where a person is signed in' },
    ],
  },
];
