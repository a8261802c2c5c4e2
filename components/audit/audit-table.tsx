import type { AuditLine } from '#contracts/api-identity.ts';
import { zoned } from '../ui/words.ts';

/** What it was done by, where it was no person at a page. */
const VIA: Partial<Record<AuditLine['via'], string>> = { token: 'with a token', device: 'as the device says' };

const cell = 'px-3 py-2 align-top [overflow-wrap:anywhere]';
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

export function AuditTable({ lines }: { lines: readonly AuditLine[] }) {
  return (
    // A table wider than a phone scrolls by itself, and by keys.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keys
    <section aria-label="Actions" tabIndex={0} className="overflow-x-auto rounded-tile border border-line bg-surface">
      <table className="w-full min-w-[48rem] text-13">
        <thead>
          <tr className="border-b border-line text-left text-muted">
            {['When', 'Who', 'From', 'Action', 'On what', 'Result'].map((head) => (
              <th key={head} scope="col" className="px-3 py-2 font-semibold">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ seq, at, user, via, from, action, target, result }) => (
            <tr key={seq} className="border-b border-line last:border-b-0">
              <td className={`${cell} whitespace-nowrap`}>
                <time dateTime={at} title={zoned(Date.parse(at))}>
                  {when.format(Date.parse(at))}
                </time>
              </td>
              <td className={cell}>
                {user}
                {VIA[via] ? <span className="block text-muted">{VIA[via]}</span> : null}
              </td>
              <td className={`${cell} font-mono`}>{from ?? ''}</td>
              <td className={`${cell} font-mono`}>{action}</td>
              <td className={cell}>
                <bdi>{target}</bdi>
              </td>
              <td className={cell}>{result === 'ok' ? 'done' : result}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
