/** Writes a tar archive (ustar) in memory: enough for the few small files of the hello image. */
const BLOCK = 512;

export interface TarEntry {
  /** Relative; ends with a slash for a folder. */
  name: string;
  mode: number;
  content?: Uint8Array;
  linkTo?: string;
}

export function toTar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? []);
    return [header(entry, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header({ name, mode, linkTo }: TarEntry, sizeBytes: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for a plain tar archive.`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, '0'), offset, 'ascii');
  block.write(name, 0, 'utf8');
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(sizeBytes, 124, 12);
  // A fixed time: the same content gives the same image.
  octal(0, 136, 12);
  block.write('        ', 148, 'ascii');
  block.write(linkTo ? '2' : name.endsWith('/') ? '5' : '0', 156, 'ascii');
  block.write(linkTo ?? '', 157, 'utf8');
  block.write('ustar\u000000', 257, 'ascii');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'ascii');
  return block;
}
