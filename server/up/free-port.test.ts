import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { chooseFreePorts, listeningInodes, requireFreePort } from './free-port.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1CE8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1
   1: 0100007F:1CE8 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1
   2: 0100007F:1CE9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1`;

describe('ports', () => {
  it('only who listens on a port holds it', () => expect(listeningInodes(TABLE, 7400)).toEqual(['4711']));

  it('one that is taken is refused with its holder and a way out', async () => {
    const [port] = await chooseFreePorts<[number]>(1);
    await requireFreePort('127.0.0.1', port, '--port');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const refusal = requireFreePort('127.0.0.1', port, '--port');
    await expect(refusal).rejects.toThrow(`choose another port: --port ${port + 1}`);
    if (process.platform === 'linux') await expect(refusal).rejects.toThrow(`(process ${process.pid})`);
    server.close();
  });
});
