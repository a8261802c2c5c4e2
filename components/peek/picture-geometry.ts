/** Where a picture stands in its tile, in device pixels: whole, or for text that would get too small the corner of the cursor. Pure. */
export interface PixelSize {
  width: number;
  height: number;
}

export interface TextPlace {
  mode: 'fit' | 'crop';
  cellWidth: number;
  cellHeight: number;
  /** The part of the terminal that is shown. */
  left: number;
  top: number;
  columns: number;
  rows: number;
  /** Where its first cell stands. */
  x: number;
  y: number;
}

/** Below this a line of text is mush. */
const LEAST_LINE_PX = 9;
const CROPPED_LINE_PX = 11;
const LARGEST_LINE_PX = 22;
/** A cell is half as wide as it is high, like the letters of the mono font at a line of 1.2. */
const CELL_SHAPE = 0.5;

interface Terminal {
  cols: number;
  rows: number;
  cursor: { x: number; y: number };
}

export function placeText(area: PixelSize, { cols, rows, cursor }: Terminal, ratio: number): TextPlace {
  const height = Math.min(
    Math.floor(area.height / rows),
    Math.floor(Math.floor(area.width / cols) / CELL_SHAPE),
    Math.round(LARGEST_LINE_PX * ratio),
  );
  if (height >= LEAST_LINE_PX * ratio) {
    const cellWidth = Math.min(Math.floor(area.width / cols), Math.max(1, Math.round(height * CELL_SHAPE)));
    return {
      mode: 'fit',
      cellWidth,
      cellHeight: height,
      left: 0,
      top: 0,
      columns: cols,
      rows,
      x: Math.floor((area.width - cellWidth * cols) / 2),
      y: Math.floor((area.height - height * rows) / 2),
    };
  }
  const cellHeight = Math.round(CROPPED_LINE_PX * ratio);
  const cellWidth = Math.max(1, Math.round(cellHeight * CELL_SHAPE));
  const columns = Math.max(1, Math.min(cols, Math.floor(area.width / cellWidth)));
  const shown = Math.max(1, Math.min(rows, Math.floor(area.height / cellHeight)));
  return {
    mode: 'crop',
    cellWidth,
    cellHeight,
    // The beginning of a line says more than its end: it stays in sight while the cursor does.
    left: cursor.x < columns ? 0 : Math.min(cols - columns, cursor.x - Math.floor(columns / 2)),
    top: clamp(cursor.y + 1 - shown, 0, rows - shown),
    columns,
    rows: shown,
    x: 0,
    y: Math.max(0, area.height - cellHeight * shown),
  };
}

/** A desktop is always shown whole, with bars where its shape is another. */
export function letterbox(area: PixelSize, picture: PixelSize): PixelSize & { x: number; y: number } {
  const scale = Math.min(area.width / picture.width, area.height / picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  return { width, height, x: Math.floor((area.width - width) / 2), y: Math.floor((area.height - height) / 2) };
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
