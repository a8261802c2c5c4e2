/** A passkey in software for tests: WebAuthn's messages as an authenticator and a browser make them, right or wrong as asked. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

interface Options {
  challenge: string;
  rp?: { id?: string };
  rpId?: string;
  user?: { id: string };
}

/** What to do otherwise than an honest authenticator. */
export interface Mischief {
  origin?: string;
  rpId?: string;
  /** Nobody touched it or typed a PIN. */
  unverified?: boolean;
  /** Counts backwards, as a copy would. */
  counter?: number;
}

const UP = 0x01;
const UV = 0x04;
const AT = 0x40;

export class TestPasskey {
  readonly #id = randomBytes(32);
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #origin: string;
  #handle = '';
  #counter = 1;

  constructor(origin: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
    this.#origin = origin;
  }

  /** As `navigator.credentials.create` answers. */
  create(options: Options, mischief: Mischief = {}) {
    this.#handle = options.user?.id ?? '';
    const { x = '', y = '' } = this.#publicKey.export({ format: 'jwk' });
    const point = [x, y].map((one) => Buffer.from(one, 'base64url'));
    const cose = cborMap([
      [cborInt(1), cborInt(2)],
      [cborInt(3), cborInt(-7)],
      [cborInt(-1), cborInt(1)],
      [cborInt(-2), cborBytes(point[0]!)],
      [cborInt(-3), cborBytes(point[1]!)],
    ]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.#id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.#id, cose]);
    const data = Buffer.concat([this.#data(options.rp?.id ?? '', mischief, AT), attested]);
    const attestationObject = cborMap([
      [cborText('fmt'), cborText('none')],
      [cborText('attStmt'), cborMap([])],
      [cborText('authData'), cborBytes(data)],
    ]);
    return this.#credential({
      clientDataJSON: this.#clientData('webauthn.create', options, mischief).toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** As `navigator.credentials.get` answers. */
  get(options: Options, mischief: Mischief = {}) {
    this.#counter += 1;
    const data = this.#data(options.rpId ?? '', mischief);
    const clientData = this.#clientData('webauthn.get', options, mischief);
    const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()]);
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, this.#privateKey).toString('base64url'),
      userHandle: this.#handle,
    });
  }

  #credential<T>(response: T) {
    const id = this.#id.toString('base64url');
    return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {}, response };
  }

  #clientData(type: string, { challenge }: Options, { origin = this.#origin }: Mischief): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  #data(rpId: string, { rpId: other = rpId, unverified = false, counter = this.#counter }: Mischief, more = 0): Buffer {
    const tail = Buffer.alloc(5);
    tail.writeUInt8(UP | (unverified ? 0 : UV) | more);
    tail.writeUInt32BE(counter, 1);
    return Buffer.concat([createHash('sha256').update(other).digest(), tail]);
  }
}

const head = (major: number, value: number): Buffer => {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff]);
};
const cborInt = (value: number) => (value < 0 ? head(1, -1 - value) : head(0, value));
const cborBytes = (bytes: Buffer) => Buffer.concat([head(2, bytes.length), bytes]);
const cborText = (text: string) => Buffer.concat([head(3, Buffer.byteLength(text)), Buffer.from(text)]);
const cborMap = (entries: [Buffer, Buffer][]) => Buffer.concat([head(5, entries.length), ...entries.flat()]);
