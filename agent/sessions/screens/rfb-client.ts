/**
 * A small VNC client (RFB 3.7 and 3.8, without a password): keeps the picture of one desktop. What the other end says is checked
 * before it costs memory, and raw pixels go where they belong as they come.
 */
import { ByteReader } from './byte-reader.ts';
import { Framebuffer, PIXEL_BYTES, type Rectangle } from './framebuffer.ts';

/** The desktop says something that cannot be, or that we do not know: in words. */
export class RfbError extends Error {
  override readonly name = 'RfbError';
}

export interface RfbStream extends AsyncIterable<Uint8Array> {
  write(bytes: Uint8Array): unknown;
}

const LONGEST_NAME_BYTES = 4_096;
const LONGEST_CUT_TEXT_BYTES = 1024 * 1024;
/** One update may repaint the desktop a few times over, not endlessly. */
const REPAINTS_PER_UPDATE = 4;
const ENCODING = { raw: 0, copyRect: 1, desktopSize: -223 } as const;

/** 32 bits, little endian, red first: as `Framebuffer` keeps it. */
const SET_PIXEL_FORMAT = Uint8Array.of(0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0);

export class RfbClient {
  readonly #stream: RfbStream;
  readonly #reader: ByteReader;
  #picture: Framebuffer;
  /** The next request must be for everything. */
  #whole = true;

  /** Throws `RfbError`. */
  static async open(stream: RfbStream): Promise<RfbClient> {
    const reader = new ByteReader(stream);
    await shakeHands(stream, reader);
    const head = await reader.exactly(24);
    const nameBytes = head.getUint32(20);
    if (nameBytes > LONGEST_NAME_BYTES) throw new RfbError('The desktop has a name without end.');
    await reader.skip(nameBytes);
    const client = new RfbClient(stream, reader, newPicture(head.getUint16(0), head.getUint16(2)));
    stream.write(SET_PIXEL_FORMAT);
    stream.write(setEncodings(Object.values(ENCODING)));
    return client;
  }

  private constructor(stream: RfbStream, reader: ByteReader, picture: Framebuffer) {
    this.#stream = stream;
    this.#reader = reader;
    this.#picture = picture;
  }

  get picture(): Framebuffer {
    return this.#picture;
  }

  /** Asks for what changed, everything the first time, and ends when it is drawn. */
  async update(): Promise<void> {
    this.#stream.write(updateRequest(!this.#whole, this.#picture));
    this.#whole = false;
    for (;;) {
      const type = (await this.#reader.exactly(1)).getUint8(0);
      if (type === 0) return this.#readUpdate();
      await this.#skipMessage(type);
    }
  }

  async #skipMessage(type: number): Promise<void> {
    switch (type) {
      case 1:
        await this.#reader.skip((await this.#reader.exactly(5)).getUint16(3) * 6);
        return;
      case 2:
        return;
      case 3: {
        const length = (await this.#reader.exactly(7)).getUint32(3);
        if (length > LONGEST_CUT_TEXT_BYTES) throw new RfbError('The desktop sends a clipboard without end.');
        await this.#reader.skip(length);
        return;
      }
      default:
        throw new RfbError(`The desktop sent a message that is not known here (${type}).`);
    }
  }

  async #readUpdate(): Promise<void> {
    const count = (await this.#reader.exactly(3)).getUint16(1);
    let left = REPAINTS_PER_UPDATE * this.#picture.pixels.length;
    for (let index = 0; index < count; index++) {
      const head = await this.#reader.exactly(12);
      const area = { x: head.getUint16(0), y: head.getUint16(2), width: head.getUint16(4), height: head.getUint16(6) };
      const encoding = head.getInt32(8);
      if (encoding === ENCODING.desktopSize) {
        this.#picture = newPicture(area.width, area.height);
        this.#whole = true;
        continue;
      }
      if (!this.#picture.contains(area)) throw new RfbError('The desktop sent a picture that is larger than itself.');
      left -= area.width * area.height * PIXEL_BYTES;
      if (left < 0) throw new RfbError('The desktop sent an update without end.');
      if (encoding === ENCODING.raw) await this.#readRaw(area);
      else if (encoding === ENCODING.copyRect) await this.#readCopy(area);
      else throw new RfbError(`The desktop sent an encoding that was not asked for (${encoding}).`);
    }
  }

  async #readRaw({ x, y, width, height }: Rectangle): Promise<void> {
    const rowBytes = width * PIXEL_BYTES;
    const total = rowBytes * height;
    for (let done = 0; done < total; ) {
      const column = done % rowBytes;
      const bytes = await this.#reader.some(rowBytes - column);
      this.#picture.pixels.set(bytes, this.#picture.offsetOf(x, y + Math.floor(done / rowBytes)) + column);
      done += bytes.length;
    }
  }

  async #readCopy(area: Rectangle): Promise<void> {
    const from = await this.#reader.exactly(4);
    const [x, y] = [from.getUint16(0), from.getUint16(2)];
    if (!this.#picture.contains({ ...area, x, y })) throw new RfbError('The desktop copies from outside of itself.');
    this.#picture.copy(area, x, y);
  }
}

async function shakeHands(stream: RfbStream, reader: ByteReader): Promise<void> {
  const version = text(await reader.exactly(12));
  const minor = /^RFB 003\.(\d{3})\n$/.exec(version)?.[1];
  if (minor === undefined) throw new RfbError('What answers there is not a VNC server.');
  // So a server says that it refuses before it asks anything, for example after too many failed logins.
  if (minor === '003' && (await reader.exactly(4)).getUint32(0) === 0)
    throw new RfbError(`The VNC server refuses: ${await readReason(reader)}`);
  if (minor < '007') throw new RfbError('The VNC server speaks an old version of RFB; 3.7 and later are known here.');
  const isOld = minor === '007';
  stream.write(Buffer.from(isOld ? 'RFB 003.007\n' : 'RFB 003.008\n', 'latin1'));
  const count = (await reader.exactly(1)).getUint8(0);
  if (count === 0) throw new RfbError(`The VNC server refuses: ${await readReason(reader)}`);
  const offered = await reader.exactly(count);
  if (!Array.from({ length: count }, (_, index) => offered.getUint8(index)).includes(1))
    throw new RfbError(
      'The desktop asks for a password. Start its VNC server with security type None; only its device reaches it.',
    );
  stream.write(Uint8Array.of(1));
  if (!isOld && (await reader.exactly(4)).getUint32(0) !== 0)
    throw new RfbError(`The VNC server refuses: ${await readReason(reader)}`);
  // Shared: nobody else is thrown out.
  stream.write(Uint8Array.of(1));
}

async function readReason(reader: ByteReader): Promise<string> {
  const length = (await reader.exactly(4)).getUint32(0);
  const reason = text(await reader.exactly(Math.min(length, 200)));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: words of a stranger, shown to people.
  return reason.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').trim();
}

function newPicture(width: number, height: number): Framebuffer {
  try {
    return new Framebuffer(width, height);
  } catch (error) {
    throw new RfbError((error as Error).message);
  }
}

const text = (view: DataView): string => Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('latin1');

function setEncodings(encodings: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 + 4 * encodings.length));
  view.setUint8(0, 2);
  view.setUint16(2, encodings.length);
  for (const [index, encoding] of encodings.entries()) view.setInt32(4 + 4 * index, encoding);
  return new Uint8Array(view.buffer);
}

export function updateRequest(incremental: boolean, { width, height }: { width: number; height: number }): Uint8Array {
  const view = new DataView(new ArrayBuffer(10));
  view.setUint8(0, 3);
  view.setUint8(1, incremental ? 1 : 0);
  view.setUint16(6, width);
  view.setUint16(8, height);
  return new Uint8Array(view.buffer);
}
