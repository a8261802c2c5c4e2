/** How grave a line is, as far as its own words say: JSON, logfmt, syslog, or a level word in the text. Pure. */
export const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

const WORDS: Readonly<Record<string, Level>> = {
  emerg: 'error',
  emergency: 'error',
  alert: 'error',
  crit: 'error',
  critical: 'error',
  fatal: 'error',
  panic: 'error',
  error: 'error',
  err: 'error',
  severe: 'error',
  warn: 'warn',
  warning: 'warn',
  notice: 'info',
  info: 'info',
  information: 'info',
  informational: 'info',
  debug: 'debug',
  trace: 'debug',
  verbose: 'debug',
  fine: 'debug',
};

/** Where the level of a line stands, it stands near its beginning. */
const LOOKED_AT = 300;
const LOGFMT = /(?:^|[\s{,])(?:level|lvl|severity|log\.level)=("?)([A-Za-z]+)\1(?=$|[\s},])/;
const SYSLOG = /^<(\d{1,3})>/;
const GLOG = /^([IWEF])\d{4} \d\d:/;
const UPPER =
  /(?:^|[^A-Za-z0-9_])(EMERG|ALERT|CRIT|CRITICAL|FATAL|PANIC|ERROR|ERR|SEVERE|WARN|WARNING|NOTICE|INFO|DEBUG|TRACE)(?=$|[^A-Za-z0-9_])/;
const BRACKETED =
  /(?:^|\s)[[(<](emerg|alert|crit|critical|fatal|panic|error|err|warn|warning|notice|info|debug|trace)[\])>](?=$|[\s:])/i;
const LEADING = /^(?:[\d\-:.,TZ/+ ]*)(fatal|panic|error|warning|warn|info|debug|trace)\s*[:\]|]/i;

export function levelOf(text: string, json?: Readonly<Record<string, unknown>>): Level | undefined {
  if (json) return levelOfJson(json);
  const head = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
  const priority = SYSLOG.exec(head)?.[1];
  if (priority) return ofSeverity(Number(priority) & 7);
  const word = LOGFMT.exec(head)?.[2] ?? UPPER.exec(head)?.[1] ?? BRACKETED.exec(head)?.[1] ?? LEADING.exec(head)?.[1];
  if (word) return WORDS[word.toLowerCase()];
  const letter = GLOG.exec(head)?.[1];
  return letter ? ({ I: 'info', W: 'warn', E: 'error', F: 'error' } as const)[letter as 'I'] : undefined;
}

function levelOfJson(json: Readonly<Record<string, unknown>>): Level | undefined {
  const value = json.level ?? json.severity ?? json.lvl ?? json.loglevel ?? json['log.level'] ?? json.levelname;
  if (typeof value === 'string') return WORDS[value.toLowerCase()] ?? (/^\d+$/.test(value) ? ofNumber(Number(value)) : undefined);
  return typeof value === 'number' ? ofNumber(value) : undefined;
}

/** Syslog counts 0 to 7 downwards; the loggers of Node count 10 to 60 upwards. */
const ofNumber = (value: number): Level => {
  if (value < 10) return ofSeverity(value);
  if (value >= 50) return 'error';
  return value >= 40 ? 'warn' : value >= 30 ? 'info' : 'debug';
};
const ofSeverity = (severity: number): Level =>
  severity <= 3 ? 'error' : severity === 4 ? 'warn' : severity <= 6 ? 'info' : 'debug';
