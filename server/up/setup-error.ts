/** Something the person who started `up` has to know and can act on: shown without a stack. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
  /** Read by bootstrap.mjs, which cannot import this class. */
  readonly expected = true;
}
