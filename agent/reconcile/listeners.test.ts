import { expect, it } from 'vitest';
import { parseListeners } from './listeners.ts';

const V4 = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0B00007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F91 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
`;
const V6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0
   1: 00000000000000000000000001000000:0051 00000000000000000000000000000000:0000 0A 0
   2: 0000000000000000FFFF00000B00007F:0052 00000000000000000000000000000000:0000 0A 0
   3: B80D0120000000000000000001000000:0053 00000000000000000000000000000000:0000 0A 0
`;
const addresses = (table: string) => parseListeners(table, 'tcp', '0A').map((one) => `${one.hostIp} ${one.hostPort}`);

it('reads who listens, and not who merely talks', () => expect(addresses(V4)).toEqual(['127.0.0.11 8080', '0.0.0.0 80']));
it('reads addresses of IPv6', () =>
  expect(addresses(V6)).toEqual([':: 80', '::1 81', '127.0.0.11 82', '2001:db8:0:0:0:0:0:1 83']));
