/** What can go wrong with a container engine, as a code to act on and the engine's own words for the log. */

export type EngineErrorCode =
  | 'unreachable'
  /** Given up by ourselves; no failure. */
  | 'aborted'
  | 'image-missing'
  | 'image-not-found'
  | 'registry-unreachable'
  | 'pull-failed'
  | 'name-taken'
  | 'port-taken'
  | 'secret-missing'
  | 'disk-full'
  | 'not-found'
  | 'in-use'
  | 'refused';

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  /** HTTP status of the reply; 0 where none came. */
  readonly status: number;

  constructor(code: EngineErrorCode, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 0;
  }
}

/** The first row whose words occur in the engine's message decides. Engines tell these apart by text alone. */
const WORDS: readonly [EngineErrorCode, RegExp][] = [
  ['disk-full', /no space left on device|disk quota exceeded/i],
  ['secret-missing', /no such secret|secret .*(not found|does not exist)/i],
  ['name-taken', /name .* is (already )?in use|that name is already in use|conflict\. the container name/i],
  ['port-taken', /address already in use|port is already allocated|ports are not available/i],
  ['image-missing', /image not known|no such image/i],
];

const PULL_WORDS: readonly [EngineErrorCode, RegExp][] = [
  ['disk-full', /no space left on device|disk quota exceeded/i],
  [
    'registry-unreachable',
    /connection refused|no such host|i\/o timeout|network is unreachable|no route to host|tls handshake|server misbehaving|connection reset|deadline exceeded|temporary failure|50[0234] |bad gateway|service unavailable|unexpected EOF|x509|server gave http response/i,
  ],
  [
    'image-not-found',
    /manifest unknown|name unknown|not found|denied|unauthorized|no such image|authentication required|repository does not exist/i,
  ],
];

export function engineErrorFromReply(status: number, message: string): EngineError {
  const known = WORDS.find(([, words]) => words.test(message))?.[0];
  const code = known ?? (status === 404 ? 'not-found' : status === 409 ? 'in-use' : 'refused');
  return new EngineError(code, message, { status });
}

export function engineErrorFromPull(message: string): EngineError {
  return new EngineError(PULL_WORDS.find(([, words]) => words.test(message))?.[0] ?? 'pull-failed', message);
}
