/** Points at which a test cuts the power. Outside of tests they do nothing. */

/** `point` of SCOREWALL_CRASH_AT ends this process as a power cut would: without a last word. */
export function crashMark(env: NodeJS.ProcessEnv = process.env): (point: string) => void {
  // Whoever sets both could as well send the signal: there is nothing to win by it.
  const wanted = env.NODE_ENV === 'test' ? env.SCOREWALL_CRASH_AT : undefined;
  return (point) => {
    if (wanted === point) process.kill(process.pid, 'SIGKILL');
  };
}
