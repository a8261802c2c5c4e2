/** Whether a person's browser asks for a page, which may be led elsewhere; a program is told what is the matter. */
import type { IncomingMessage } from 'node:http';

export const wantsPage = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html') && headers.rsc === undefined;
