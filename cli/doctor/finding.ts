/** One thing the doctor looked at: how it is, and what to do where it is not well. */
export interface Finding {
  subject: string;
  verdict: 'ok' | 'warning' | 'trouble';
  fact: string;
  /** Absent where there is nothing to do. */
  advice?: string;
}

export const ok = (subject: string, fact: string): Finding => ({ subject, verdict: 'ok', fact });
export const warning = (subject: string, fact: string, advice: string): Finding => ({
  subject,
  verdict: 'warning',
  fact,
  advice,
});
export const trouble = (subject: string, fact: string, advice: string): Finding => ({
  subject,
  verdict: 'trouble',
  fact,
  advice,
});
