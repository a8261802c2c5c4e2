/** The colours of terminals on tiles: the house's sixteen, the cube, the greys, and any other. Pure. */
export const TERMINAL_GROUND = '#060914';
export const TERMINAL_INK = '#eef2ff';
export const TERMINAL_CURSOR = '#ffd75e';

const SIXTEEN = [
  '#1b2440',
  '#f0796d',
  '#79bf72',
  '#d0a43a',
  '#7daafd',
  '#cf8fde',
  '#0cc3c3',
  '#c6cfe6',
  '#7c89ab',
  '#ff9a8f',
  '#9fe096',
  '#fad571',
  '#a5c6ff',
  '#e6b3f2',
  '#5fe3e3',
  '#ffffff',
];
const CUBE_STEPS = [0, 95, 135, 175, 215, 255];
const DIRECT = 0x1000000;

export function terminalColour(colour: number, otherwise: string): string {
  if (colour < 0) return otherwise;
  if (colour >= DIRECT) return `#${(colour - DIRECT).toString(16).padStart(6, '0').slice(-6)}`;
  if (colour < 16) return SIXTEEN[colour]!;
  if (colour > 255) return otherwise;
  if (colour >= 232) {
    const grey = 8 + (colour - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const at = colour - 16;
  return `rgb(${CUBE_STEPS[Math.floor(at / 36)]},${CUBE_STEPS[Math.floor(at / 6) % 6]},${CUBE_STEPS[at % 6]})`;
}
