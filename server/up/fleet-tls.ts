/** `--lan`: the fleet's own CA, and a server certificate for every name and address this machine is reached by. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import { issueCa, issueServerCertificate, type KeyAndCertificate } from './certificate.ts';

const CA_NAME = 'Scorewall fleet CA';
/** A certificate with less life than this is made anew at the start of the hub. */
const RENEW_BEFORE_MS = 60 * 86_400_000;

export interface FleetTls {
  caFile: string;
  certFile: string;
  keyFile: string;
  /** The name others use: the first address that is not loopback, else the host's name. */
  host: string;
  /** SHA-256 of the CA's certificate, to compare with what a browser shows. */
  fingerprint: string;
}

export function prepareFleetTls(keysFolder: string): FleetTls {
  const files = {
    caFile: path.join(keysFolder, 'ca.pem'),
    caKeyFile: path.join(keysFolder, 'ca.key'),
    certFile: path.join(keysFolder, 'server.pem'),
    keyFile: path.join(keysFolder, 'server.key'),
  };
  const ca = readPair(files.caKeyFile, files.caFile) ?? writePair(files.caKeyFile, files.caFile, issueCa(CA_NAME));
  const { names, host } = ownNames();
  const present = readPair(files.keyFile, files.certFile);
  if (!present || !stillGood(present, ca, names))
    writePair(files.keyFile, files.certFile, issueServerCertificate(ca, CA_NAME, names, { keep: present?.key }));
  return { ...files, host, fingerprint: new X509Certificate(ca.certificate).fingerprint256 };
}

function stillGood(server: KeyAndCertificate, ca: KeyAndCertificate, names: readonly string[]): boolean {
  const [leaf, root] = [new X509Certificate(server.certificate), new X509Certificate(ca.certificate)];
  const covered = names.every((name) => leaf.checkHost(name) !== undefined || leaf.checkIP(name) !== undefined);
  return (
    covered &&
    leaf.checkPrivateKey(createPrivateKey(server.key)) &&
    leaf.verify(root.publicKey) &&
    Date.parse(leaf.validTo) - Date.now() > RENEW_BEFORE_MS
  );
}

function ownNames(): { names: string[]; host: string } {
  const addresses = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    // Link-local addresses carry a zone that no certificate can name.
    .filter((one) => !one.internal && !one.address.startsWith('fe80:'));
  const name = hostname().toLowerCase();
  const short = name.split('.')[0]!;
  const names = [...new Set([name, `${short}.local`, 'localhost', '127.0.0.1', '::1', ...addresses.map((one) => one.address)])];
  return { names, host: addresses.find((one) => one.family === 'IPv4')?.address ?? name };
}

function readPair(keyFile: string, certificateFile: string): KeyAndCertificate | undefined {
  try {
    return { key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(certificateFile, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The certificate last: a pair counts only when both are there. */
function writePair(keyFile: string, certificateFile: string, pair: KeyAndCertificate): KeyAndCertificate {
  for (const [file, text] of [
    [keyFile, pair.key],
    [certificateFile, pair.certificate],
  ] as const) {
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return pair;
}
