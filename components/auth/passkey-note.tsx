import type { PasskeyPlace } from './passkey-place.ts';

interface PasskeyNoteProps {
  place: Exclude<PasskeyPlace, 'ready'>;
  /** Host names of the hub. */
  hosts: readonly string[];
  /** The fleet has a CA of its own that browsers can be told to trust. */
  hasCa: boolean;
  /** Where to go on by name: a one-time link with its secret. Absent: the login page. */
  path?: string;
}

/** Why passkeys do not work where the page is open, and the next step. */
export function PasskeyNote({ place, hosts, hasCa, path = '/login' }: PasskeyNoteProps) {
  if (place === 'old-browser')
    return <p>This browser has no passkeys. A password works here, and codes from an app beside it.</p>;
  if (place === 'not-trusted')
    return (
      <p>
        Passkeys need a connection the browser trusts. Start the hub with <code className="font-mono text-text">--lan</code>.
        Until then use a password, and codes from an app beside it.
      </p>
    );
  const [host] = hosts;
  return (
    <p>
      Passkeys belong to a name, and this page is open by an address.{' '}
      {hasCa && host ? (
        <>
          {/* In a tab of its own: a one-time link that is open here stays open. */}
          <a href="/trust" target="_blank" rel="noreferrer" className={LINK}>
            Trust this wall’s certificate
          </a>
          , then go on at{' '}
          <a href={`https://${host}:${window.location.port}${path}`} className={LINK}>
            {host}
          </a>
          .
        </>
      ) : host ? (
        <>
          On the hub’s own machine open it as{' '}
          <a href={`${window.location.protocol}//${host}:${window.location.port}${path}`} className={LINK}>
            {host}
          </a>
          .
        </>
      ) : null}
    </p>
  );
}

const LINK = 'text-accent underline underline-offset-2';
