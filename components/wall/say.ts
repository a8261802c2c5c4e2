/** Says a sentence of the wall aloud, through its one live region. */
const SAY = 'scorewall:say';

export const say = (text: string): void => void window.dispatchEvent(new CustomEvent(SAY, { detail: text }));

export function onSay(listener: (text: string) => void): () => void {
  const hear = (event: Event) => listener(String((event as CustomEvent).detail));
  window.addEventListener(SAY, hear);
  return () => window.removeEventListener(SAY, hear);
}
