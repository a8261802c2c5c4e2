/** Examples below a command's help. */
export const example = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  npx scorewall ${line}`).join('\n')}`;
