/** Issues the fleet's certificates: a CA of its own, and server certificates for the names and addresses of this machine. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { der } from './der.ts';

const OID = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;
const DAY_MS = 86_400_000;
/** Clocks of small machines are off: a certificate of this minute must not come from the future. */
const BACKDATE_MS = DAY_MS;
const CA_DAYS = 3650;
/** Browsers refuse server certificates that live longer than 398 days. */
const SERVER_DAYS = 397;

export interface KeyAndCertificate {
  /** PKCS #8, PEM. */
  key: string;
  certificate: string;
}

export function issueCa(commonName: string, now = new Date()): KeyAndCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = issue({
    subject: commonName,
    issuer: commonName,
    publicKey,
    signer: privateKey,
    now,
    days: CA_DAYS,
    extensions: [
      extension(OID.basicConstraints, true, der.sequence(der.boolean(true), der.integer(Buffer.from([0])))),
      // keyCertSign and cRLSign.
      extension(OID.keyUsage, true, der.bitString(Buffer.from([0b0000_0110]), 1)),
    ],
  });
  return { key: pem(privateKey), certificate };
}

/**
 * `names`: host names and addresses the server is reached by; the first becomes the subject. `keep`: a key the server has already, which
 * devices know it by.
 */
export function issueServerCertificate(
  ca: KeyAndCertificate,
  caName: string,
  names: readonly string[],
  { keep, now = new Date() }: { keep?: string | undefined; now?: Date } = {},
): KeyAndCertificate {
  const privateKey = keep ? createPrivateKey(keep) : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const publicKey = createPublicKey(privateKey);
  const certificate = issue({
    subject: names[0]!,
    issuer: caName,
    publicKey,
    signer: createPrivateKey(ca.key),
    now,
    days: SERVER_DAYS,
    extensions: [
      extension(OID.basicConstraints, true, der.sequence()),
      // digitalSignature.
      extension(OID.keyUsage, true, der.bitString(Buffer.from([0b1000_0000]), 7)),
      extension(OID.extendedKeyUsage, false, der.sequence(der.oid(OID.serverAuth))),
      extension(OID.subjectAltName, false, der.sequence(...names.map(generalName))),
    ],
  });
  return { key: pem(privateKey), certificate };
}

interface Request {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  signer: KeyObject;
  now: Date;
  days: number;
  extensions: readonly Buffer[];
}

function issue({ subject, issuer, publicKey, signer, now, days, extensions }: Request): string {
  const algorithm = der.sequence(der.oid(OID.ecdsaWithSha256));
  const own = publicKey.export({ type: 'spki', format: 'der' });
  const authority = createPublicKey(signer).export({ type: 'spki', format: 'der' });
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    // The leading bit is cleared so that the serial has at most 20 bytes.
    der.integer(Buffer.from([0x40, ...randomBytes(15)])),
    algorithm,
    distinguishedName(issuer),
    der.sequence(
      der.time(new Date(now.getTime() - BACKDATE_MS)),
      der.time(new Date(now.getTime() - BACKDATE_MS + days * DAY_MS)),
    ),
    distinguishedName(subject),
    own,
    der.explicit(
      3,
      der.sequence(
        ...extensions,
        extension(OID.subjectKeyId, false, der.octetString(keyId(own))),
        extension(OID.authorityKeyId, false, der.sequence(der.implicit(0, keyId(authority)))),
      ),
    ),
  );
  const signature = sign('sha256', body, { key: signer, dsaEncoding: 'der' });
  const encoded = der.sequence(body, algorithm, der.bitString(signature)).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${encoded.replace(/(.{64})/g, '$1\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const keyId = (spki: Buffer): Buffer => createHash('sha256').update(spki).digest().subarray(0, 20);
const distinguishedName = (commonName: string) =>
  der.sequence(der.set(der.sequence(der.oid(OID.commonName), der.utf8(commonName))));

function extension(oid: string, critical: boolean, content: Buffer): Buffer {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(content));
}

function generalName(name: string): Buffer {
  if (isIPv4(name)) return der.implicit(7, Buffer.from(name.split('.').map(Number)));
  if (isIPv6(name)) return der.implicit(7, ipv6Bytes(name));
  return der.implicit(2, Buffer.from(name, 'ascii'));
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) =>
    text
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return Buffer.from([...before, ...Array<number>(zeros).fill(0), ...after].flatMap((group) => [group >> 8, group & 0xff]));
}
