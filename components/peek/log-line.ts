/** A log line as plain text: without escape sequences and control characters, and with the level it names. Pure. */
export type LogLevel = 'error' | 'warning' | 'plain' | 'quiet';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])|\u009b[0-?]*[ -/]*[@-~]/g;
const CONTROLS = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const LEVELS: readonly [LogLevel, RegExp][] = [
  ['error', /\b(?:error|err|fatal|panic|critical|crit|emerg|alert)\b|\blevel=error\b/i],
  ['warning', /\bwarn(?:ing)?\b/i],
  ['quiet', /\b(?:debug|trace|verbose)\b/i],
];
/** Levels stand at the beginning; further on the word is part of a sentence. */
const LEVEL_WITHIN = 48;

export function plainText(line: string): string {
  return line.replace(ESCAPES, '').replace(/\t/g, '  ').replace(CONTROLS, '');
}

export function levelOf(text: string): LogLevel {
  const beginning = text.slice(0, LEVEL_WITHIN);
  return LEVELS.find(([, words]) => words.test(beginning))?.[0] ?? 'plain';
}
