/** What a TV asks of the hub before it is anybody: a code to show, and whether somebody has typed it. */
import { TvClaim, TvPairing } from '#contracts/api-people.ts';
import { request } from '../live/api-client.ts';

export const tvApi = {
  pair: (signal: AbortSignal) => request(TvPairing, '/tv-pairings', { method: 'POST', json: {}, signal }),
  claim: ({ code, secret }: TvPairing, signal: AbortSignal) =>
    request(TvClaim, `/tv-pairings/${code}/claim`, { method: 'POST', json: { secret }, signal }),
};
