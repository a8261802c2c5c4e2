/** The commands that fit what was typed, the best first: start of the label, start of a word, anywhere, letters in order. Pure. */
export interface Command {
  id: string;
  label: string;
  hint: string;
  run: () => void;
}

const MOST = 50;

export function bestMatches(commands: readonly Command[], search: string): Command[] {
  const wanted = search.trim().toLowerCase();
  if (!wanted) return commands.slice(0, MOST);
  return commands
    .map((command) => ({ command, rank: rankOf(command.label.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ command }) => command);
}

function rankOf(label: string, wanted: string): number {
  if (label.startsWith(wanted)) return 0;
  if (label.includes(` ${wanted}`)) return 1;
  if (label.includes(wanted)) return 2;
  let at = -1;
  for (const letter of wanted) {
    at = label.indexOf(letter, at + 1);
    if (at < 0) return Number.POSITIVE_INFINITY;
  }
  return 3;
}
