import { X509Certificate } from 'node:crypto';
import { createServer, connect as tlsConnect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { issueCa, issueServerCertificate } from './certificate.ts';

const CA_NAME = 'Scorewall fleet CA';
const NAMES = ['workshop.local', 'localhost', '127.0.0.1', '192.168.1.20', 'fd00::20'];

describe('certificates of the fleet', () => {
  const ca = issueCa(CA_NAME);
  const server = issueServerCertificate(ca, CA_NAME, NAMES);

  it('is a CA that signed itself, and a server certificate the CA signed', () => {
    const [root, leaf] = [new X509Certificate(ca.certificate), new X509Certificate(server.certificate)];
    expect(root.ca).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.checkIssued(root)).toBe(true);
  });

  it('is good for every name and address it was made for, and for no other', () => {
    const leaf = new X509Certificate(server.certificate);
    expect(leaf.checkHost('workshop.local')).toBe('workshop.local');
    expect(leaf.checkIP('192.168.1.20')).toBe('192.168.1.20');
    expect(leaf.checkIP('fd00::20')).toBe('fd00::20');
    expect(leaf.checkHost('elsewhere.local')).toBeUndefined();
    expect(leaf.checkIP('192.168.1.21')).toBeUndefined();
  });

  it('keeps the key that devices know the server by when it is made anew', () => {
    const anew = issueServerCertificate(ca, CA_NAME, ['elsewhere.local'], { keep: server.key });
    const keyOf = ({ certificate }: typeof anew) =>
      new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'pem' });
    expect(keyOf(anew)).toBe(keyOf(server));
    expect(new X509Certificate(anew.certificate).checkHost('elsewhere.local')).toBe('elsewhere.local');
  });

  it('lives at most 398 days and is valid now', () => {
    const leaf = new X509Certificate(server.certificate);
    const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
    expect(from).toBeLessThan(Date.now());
    expect((to - from) / 86_400_000).toBeLessThanOrEqual(398);
  });

  it.each([
    ['the fleet CA', ca.certificate, 'welcome'],
    ["another fleet's CA", issueCa(CA_NAME).certificate, 'refused'],
  ])('in a real handshake a client that trusts %s is %s', async (_, trusted, outcome) => {
    const listener = createServer({ key: server.key, cert: server.certificate }, (socket) => socket.end('welcome'));
    listener.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as { port: number };
    const heard = await new Promise<string>((resolve) => {
      const socket = tlsConnect({ port, host: '127.0.0.1', ca: trusted });
      socket.on('data', (chunk) => resolve(chunk.toString()));
      socket.on('error', () => resolve('refused'));
    });
    listener.close();
    expect(heard).toBe(outcome);
  });
});
