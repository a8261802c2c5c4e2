/** Takes away what only we may say: who forwarded a request, and the inner signals of the page framework. */
import type { IncomingMessage } from 'node:http';

const OURS =
  /^(?:x-middleware-|x-nextjs-|x-invoke-|x-matched-path$|x-forwarded-|forwarded$|x-real-ip$|next-action$|x-now-|x-vercel-|x-nonce$)/;

export function scrubRequest(request: IncomingMessage, secure: boolean): void {
  for (const name of Object.keys(request.headers)) if (OURS.test(name)) delete request.headers[name];
  request.headers['x-forwarded-for'] = request.socket.remoteAddress ?? '';
  request.headers['x-forwarded-proto'] = secure ? 'https' : 'http';
  request.headers['x-forwarded-host'] = request.headers.host ?? '';
}
