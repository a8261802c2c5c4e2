import type { AuditLine } from '#contracts/api-identity.ts';
import { zoned } from '../ui/words.ts';

/** What it was done by, where it was no person at a page. */
const VIA: Partial<Record<AuditLine['via'], string>> = { token: 'with a token', device: 'as the device says' };

const HEADS = ['When', 'Who', 'From', 'Action', 'On what', 'Result'];
const cell = 'px-3 py-2 align-top [overflow-wrap:anywhere]';
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
const resultWords = (result: string) => (result === 'ok' ? 'done' : result);

/** A table; on a phone each line is a few rows of its own, so that nothing of it lies aside. */
export function AuditTable({ lines }: { lines: readonly AuditLine[] }) {
  return (
    <>
      <ul aria-label="Actions" className="rounded-tile border border-line bg-surface text-13 md:hidden">
        {lines.map((line) => (
          <li key={line.seq} className="border-b border-line px-3 py-2 last:border-b-0 [overflow-wrap:anywhere]">
            <p className="text-15">
              <span className="font-mono text-13">{line.action}</span> <bdi>{line.target}</bdi>
              {line.result === 'ok' ? null : <strong className="font-semibold"> · {line.result}</strong>}
            </p>
            <p className="text-muted">
              {line.user}
              {VIA[line.via] ? ` ${VIA[line.via]}` : ''} · <When at={line.at} />
              {line.from ? ` · ${line.from}` : ''}
            </p>
          </li>
        ))}
      </ul>
      <section aria-label="Actions" className="rounded-tile border border-line bg-surface max-md:hidden">
        <table className="w-full text-13">
          <thead>
            <tr className="border-b border-line text-left text-muted">
              {HEADS.map((head) => (
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
                  <When at={at} />
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
                <td className={cell}>{resultWords(result)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

const When = ({ at }: { at: string }) => (
  <time dateTime={at} title={zoned(Date.parse(at))}>
    {when.format(Date.parse(at))}
  </time>
);
