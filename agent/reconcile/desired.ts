/** Reads what is asked for into services. What cannot be read changes nothing: the last good state of that deployment stays. Pure. */
import { formatPath, type Issue } from '#contracts/issue.ts';
import { parsePort } from '#contracts/score/port.ts';
import { decodeScore, encodeService, type Score } from '#contracts/score/score.ts';
import type { PodmanService } from '#contracts/score/service.ts';
import type { Trouble } from '#contracts/status.ts';

export interface DesiredDeployment {
  name: string;
  /** KV revision of its key. */
  revision: number;
  /** The exact Score JSON. */
  text: string;
}

export interface DesiredService {
  deployment: string;
  name: string;
  /** Its exact JSON: equal text means nothing to do. */
  text: string;
  spec: PodmanService;
}

export interface DesiredEntry extends DesiredDeployment {
  /** `as-is`: unknown; whatever runs of this deployment is what is wanted. */
  services: readonly DesiredService[] | 'as-is';
  trouble?: Pick<Trouble, 'code' | 'message'>;
}

/** The older deployment first: where two want the same port of the device, it wins. */
export function readDesired(all: readonly DesiredDeployment[], before: readonly DesiredEntry[]): DesiredEntry[] {
  return all
    .map((one) => {
      const last = before.find((entry) => entry.name === one.name);
      return last?.text === one.text ? { ...last, revision: one.revision } : readEntry(one, last);
    })
    .sort((a, b) => a.revision - b.revision || (a.name < b.name ? -1 : 1));
}

function readEntry(one: DesiredDeployment, last: DesiredEntry | undefined): DesiredEntry {
  const decoded = decodeScore(one.text);
  if (decoded.ok) return { ...one, services: servicesOf(one.name, decoded.score) };
  if (decoded.reason === 'invalid' && decoded.issues.every((issue) => isPortClash(issue, one.text)))
    return { ...one, services: servicesOf(one.name, JSON.parse(one.text) as Score) };
  return { ...one, services: last?.services ?? 'as-is', trouble: { code: decoded.reason, message: words(one.name, decoded) } };
}

const servicesOf = (deployment: string, score: Score): DesiredService[] =>
  score.data.services.map((spec) => ({ deployment, name: spec.name, text: encodeService(spec), spec }));

/** Two services of one Score want the same port: no reason to refuse the first of them, so the plan decides. */
function isPortClash({ path }: Issue, text: string): boolean {
  const [data, services, index, ports, position] = path;
  if (data !== 'data' || services !== 'services' || ports !== 'ports' || path.length !== 5) return false;
  const score = JSON.parse(text) as Score;
  const port = score.data.services[index as number]?.ports?.[position as number];
  return typeof port === 'string' && !('error' in parsePort(port));
}

function words(name: string, { reason, issues }: { reason: 'unsupported' | 'invalid'; issues: readonly Issue[] }): string {
  const [first] = issues;
  const where = first && first.path.length > 0 ? `${formatPath(first.path)}: ` : '';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const what = `${where}${first?.message ?? 'It cannot be read.'}${more}`;
  return reason === 'unsupported'
    ? `This device does not understand ${name} and keeps what ran before. ${what} Update the agent, or change the deployment.`
    : `${name} is not valid, so this device keeps what ran before. ${what} Correct it and deploy again.`;
}
