/** A terminal in a real page of Chromium, ours or ttyd's: driven by keys alone, read by the title and the file its shell writes at each prompt. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { eventually } from '#e2e/stack/eventually.ts';
import type { EchoTimes } from './echo-hook.ts';
import { countFrames, type Frames } from './frames.ts';

const BULK_BYTES = 100 * 1024 * 1024;
const LINE = "$(printf 'x%.0s' $(seq 119))";
/** A login shell reads its owner's files first. */
const LOGIN_MS = 3_000;
const SETTLE_MS = 500;
const FLOOD_SETTLE_MS = 1_500;
const BETWEEN_KEYS_MS = 30;

export const bulkMegabytes = BULK_BYTES / 1e6;

export interface PageTerminal {
  page: Page;
  /** The shell writes the number and the time of each prompt there: `3 1763728000123`. */
  promptFile: string;
  prompts: number;
}

export async function openOurPage(page: Page, url: string, device: string, promptFile: string): Promise<PageTerminal> {
  await page.goto(`${url}/?tile=${device}&view=terminal`);
  await page.getByRole('button', { name: 'New shell' }).first().click();
  await page.getByRole('menuitem', { name: 'On the device itself' }).click();
  await page.getByText('Typing to').waitFor();
  return prepare({ page, promptFile, prompts: 0 });
}

export async function openTtydPage(page: Page, url: string, promptFile: string): Promise<PageTerminal> {
  await page.goto(url);
  await page.locator('.xterm-helper-textarea').waitFor({ state: 'attached' });
  await page.locator('.xterm-screen').click();
  return prepare({ page, promptFile, prompts: 0 });
}

async function prepare(terminal: PageTerminal): Promise<PageTerminal> {
  const { page, promptFile } = terminal;
  await page.waitForTimeout(LOGIN_MS);
  await type(page, 'exec bash --norc --noprofile');
  await page.waitForTimeout(SETTLE_MS);
  const command = `N=$((N+1)); echo $N $(date +%s%3N) > ${promptFile}; printf "\\033]0;prompt-%d\\007" $N`;
  await type(page, `PS1="$ "; N=0; PROMPT_COMMAND='${command}'`);
  await nextPrompt(terminal);
  return terminal;
}

/** Megabytes a second, from the Enter to the page that shows the title set after the last byte. */
export async function measureBulk(terminal: PageTerminal): Promise<number> {
  const { page } = terminal;
  await page.keyboard.insertText(`yes "${LINE}" | head -c ${BULK_BYTES}`);
  const shown = whenTitled(page, `prompt-${terminal.prompts + 1}`);
  // The page has to be watching before the key comes.
  await page.evaluate(() => 0);
  const from = Date.now();
  await page.keyboard.press('Enter');
  const tookMs = (await shown) - from;
  await nextPrompt(terminal);
  return bulkMegabytes / (tookMs / 1_000);
}

/** Frames while output floods in, and milliseconds from Ctrl-C to the next prompt, by the clock both share. */
export async function flood(terminal: PageTerminal, forMs: number): Promise<{ frames: Frames; stopMs: number }> {
  const { page } = terminal;
  await type(page, `yes "${LINE}"`);
  await page.waitForTimeout(FLOOD_SETTLE_MS);
  const frames = await countFrames(page, forMs);
  const from = Date.now();
  await page.keyboard.press('Control+c');
  return { frames, stopMs: (await nextPrompt(terminal)) - from };
}

/** Keys that appear in no subject and no header, so that what brings one is its echo. */
const KEYS = '#%+=';

/** The echo of each key, drawn; the line discipline answers, no program does. */
export async function timeEchoes(terminal: PageTerminal, rounds: number): Promise<EchoTimes[]> {
  const { page } = terminal;
  await type(page, 'stty -icanon; cat > /dev/null');
  await page.waitForTimeout(SETTLE_MS);
  const times: EchoTimes[] = [];
  for (let round = 0; round < rounds; round++) {
    const key = KEYS[round % KEYS.length]!;
    const timed = page.evaluate((one) => globalThis.timeEcho!(one), key);
    // The page has to be watching before the key comes.
    await page.evaluate(() => 0);
    await page.keyboard.press(key);
    times.push(await timed);
    await page.waitForTimeout(BETWEEN_KEYS_MS);
  }
  await page.keyboard.press('Control+c');
  await nextPrompt(terminal);
  return times;
}

async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.insertText(text);
  await page.keyboard.press('Enter');
}

/** When the shell was back, in ms since 1970. */
function nextPrompt(terminal: PageTerminal): Promise<number> {
  terminal.prompts += 1;
  return eventually(`prompt ${terminal.prompts}`, () => {
    const [number, at] = readFileSync(terminal.promptFile, 'utf8').trim().split(' ').map(Number);
    return number === terminal.prompts ? at : undefined;
  });
}

/** When the page shows this title of a program: ttyd in the page's own, ours in words at the foot. */
function whenTitled(page: Page, title: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const said = [document.title, ...[...document.querySelectorAll('footer')].map(({ textContent }) => textContent)];
          if (said.some((text) => text?.includes(wanted))) resolve(Date.now());
          else setTimeout(look, 4);
        };
        look();
      }),
    title,
  );
}
