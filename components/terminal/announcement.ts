/** New output as it is read out: three lines at most, the rest as a number. Pure. */
const MOST = 3;

export function announcementOf(lines: readonly string[]): string {
  const said = lines.map((line) => line.trim()).filter(Boolean);
  const shown = said.slice(0, MOST).join('\n');
  const more = said.length - MOST;
  return more > 0 ? `${shown}\n${more} more ${more === 1 ? 'line' : 'lines'}` : shown;
}

export interface OutputPart {
  /** The line that looks like a prompt with a command; absent before the first one. */
  command: string | undefined;
  text: string;
}

/** A prompt, by its usual last character before what was typed. */
const PROMPT = /^(?:\S{0,80}[@:~/\w\])]\s?[$#%❯>]|[$#❯])\s+(\S.*)$/;

/** Output cut into what each command wrote, so that a reader can jump from command to command. */
export function outputParts(text: string): OutputPart[] {
  const parts: OutputPart[] = [];
  let lines: string[] = [];
  let command: string | undefined;
  const close = () => {
    if (command !== undefined || lines.some((line) => line.trim())) parts.push({ command, text: lines.join('\n').trimEnd() });
  };
  for (const line of text.split('\n')) {
    const typed = PROMPT.exec(line)?.[1];
    if (typed === undefined) {
      lines.push(line);
      continue;
    }
    close();
    command = typed;
    lines = [];
  }
  close();
  return parts;
}
