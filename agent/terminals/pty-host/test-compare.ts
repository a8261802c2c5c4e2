/** Everything two terminals could differ in that a person or a program would notice, as comparable values. */
import type { Terminal } from '@xterm/headless';
import { backgroundOf, penOf, sgrOf } from './sgr.ts';
import { type InnerBuffer, innerOf, newCell } from './xterm.ts';

export function describeTerminal(terminal: Terminal) {
  const core = innerOf(terminal);
  const { normal, alt, active } = core._bufferService.buffers;
  const { synchronizedOutput: _, ...decModes } = core.coreService.decPrivateModes as Record<string, unknown>;
  return {
    size: [terminal.cols, terminal.rows],
    on: active === alt ? 'alternate' : 'normal',
    normal: describeBuffer(terminal, normal),
    ...(active === alt ? { alternate: describeBuffer(terminal, alt) } : {}),
    cursor: [active.x, active.y, core.coreService.isCursorHidden ? 'hidden' : 'shown'],
    look: penOf(core._inputHandler._curAttrData),
    modes: { ...decModes, insert: core.coreService.modes.insertMode },
    mouse: [core.coreMouseService.activeProtocol, core.coreMouseService.activeEncoding],
    titles: [core._inputHandler._windowTitle, core._inputHandler._iconName],
    charset: core._charsetService.glevel,
  };
}

function describeBuffer(terminal: Terminal, buffer: InnerBuffer) {
  const cell = newCell(terminal);
  const rows: string[] = [];
  for (let y = 0; y < buffer.lines.length; y++) {
    const line = buffer.lines.get(y)!;
    let text = y > 0 && line.isWrapped ? '↪' : '';
    let look = '';
    for (let x = 0; x < terminal.cols; x++) {
      line.loadCell(x, cell);
      // A cursor that waits to wrap over an erased cell is restored over a blank one, which looks the same.
      const blank = cell.getChars() === '' || (x === terminal.cols - 1 && cell.getChars() === ' ');
      const wears = blank ? backgroundOf(cell) : sgrOf(cell);
      if (wears !== look) text += `{${wears.slice(2)}}`;
      look = wears;
      text += blank ? (cell.getWidth() === 0 ? '' : '·') : cell.getChars();
    }
    rows.push(text);
  }
  return {
    rows,
    margins: [buffer.scrollTop, buffer.scrollBottom],
    saved: [buffer.savedX, Math.max(0, buffer.savedY - buffer.ybase), penOf(buffer.savedCurAttrData)],
    tabs: Object.keys(buffer.tabs).filter((x) => buffer.tabs[Number(x)] && Number(x) < terminal.cols),
  };
}

export const writeAll = (terminal: Terminal, bytes: Uint8Array | string) =>
  new Promise<void>((resolve) => terminal.write(bytes, () => resolve()));
