'use client';
import { type ReactNode, useId } from 'react';
import { buttonClass } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { DoorCard } from './door-card.tsx';
import { useDoors } from './use-doors.ts';

type System = 'windows' | 'mac' | 'linux' | 'apple' | 'android' | 'firefox';

const SYSTEMS: readonly { id: System; name: string; steps: readonly string[] }[] = [
  {
    id: 'windows',
    name: 'Windows',
    steps: [
      'Open the file, then Install Certificate, Current User.',
      'Choose “Place all certificates in the following store”: Trusted Root Certification Authorities.',
      'Close the browser and open it again.',
    ],
  },
  {
    id: 'mac',
    name: 'macOS',
    steps: [
      'Open the file: Keychain Access takes it into the login keychain.',
      'Open “Scorewall fleet CA” there, and under Trust choose Always Trust.',
      'Close the browser and open it again.',
    ],
  },
  {
    id: 'linux',
    name: 'Linux: Chromium, Chrome, Edge',
    steps: [
      'Settings, Privacy and security, Security, Manage certificates, Authorities (or Custom), Import.',
      'Choose the file, and that it may identify websites.',
    ],
  },
  {
    id: 'apple',
    name: 'iPhone, iPad',
    steps: [
      'Open this page in Safari and download the file.',
      'Settings, Profile Downloaded, Install.',
      'Settings, General, About, Certificate Trust Settings: turn “Scorewall fleet CA” on.',
    ],
  },
  {
    id: 'android',
    name: 'Android',
    steps: ['Settings, Security, Encryption and credentials, Install a certificate, CA certificate.', 'Choose the file.'],
  },
  {
    id: 'firefox',
    name: 'Firefox, on any computer',
    steps: [
      'Settings, Privacy & Security, View Certificates, Authorities, Import.',
      'Choose the file, and “Trust this CA to identify websites”.',
    ],
  },
];

/** How a browser is told to trust the fleet's own certificate: passkeys need it. */
export function TrustGuide() {
  const doors = useDoors();
  return (
    <DoorCard title="Scorewall" note="Trust this wall’s certificate.">
      <div className="flex min-h-72 flex-col gap-5 text-15">
        {doors && !doors.ca ? (
          <ErrorNote
            severity="warning"
            fact="This page has no certificate of the fleet’s own."
            effect="Your devices are not affected. Start the hub with --lan to get one, or put a trusted one in front of it."
          />
        ) : null}
        {doors?.ca ? (
          <>
            <p>
              Passkeys work only where the browser trusts the connection. Once a device of yours trusts this file, it trusts every
              page of this fleet.
            </p>
            <Step number={1} title="Get the certificate">
              <a href="/api/v1/ca.crt" download="scorewall-ca.crt" className={buttonClass('primary', 'w-full')}>
                Download the certificate
              </a>
            </Step>
            <Step number={2} title="Compare its fingerprint with the one the hub printed at its start">
              <Fingerprint text={doors.ca.fingerprint} />
            </Step>
            <Step number={3} title="Tell your system to trust it">
              {SYSTEMS.map(({ id, name, steps }) => (
                <details key={id} open={id === thisSystem()} className="border-t border-line py-1.5 last:border-b">
                  <summary className="cursor-pointer rounded-plate py-1 font-semibold">{name}</summary>
                  <ol className="list-decimal pb-1 pl-6 text-muted">
                    {steps.map((step) => (
                      <li key={step}>{step}</li>
                    ))}
                  </ol>
                </details>
              ))}
            </Step>
            <Step number={4} title="Open the wall by its name">
              <ByName hosts={doors.hosts} />
            </Step>
          </>
        ) : null}
      </div>
    </DoorCard>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className="mb-1.5 flex gap-2 text-13 font-semibold text-muted">
        <span>{number}.</span>
        {title}
      </h2>
      {children}
    </section>
  );
}

/** In eights, as a person compares them. */
function Fingerprint({ text }: { text: string }) {
  const bytes = text.split(':');
  return (
    <p className="font-mono text-13">
      {[0, 8, 16, 24].map((from) => (
        <span key={from} className="block">
          {bytes.slice(from, from + 8).join(':')}
          {from < 24 ? ':' : ''}
        </span>
      ))}
    </p>
  );
}

/** A name with a dot is found on any network that knows mDNS; the bare one where the router gives names. */
function ByName({ hosts: [host, other] }: { hosts: readonly string[] }) {
  if (!host) return null;
  return (
    <>
      <p>
        <NameLink host={host} />
      </p>
      <p className="mt-1 text-13 text-muted">
        It does not open?{' '}
        {other ? (
          <>
            Try <NameLink host={other} />.{' '}
          </>
        ) : null}
        The name needs <code className="font-mono text-text">avahi-daemon</code> on the hub’s machine; Raspberry Pi OS has it.
      </p>
    </>
  );
}

function NameLink({ host }: { host: string }) {
  return (
    <a href={`https://${host}:${window.location.port}/login`} className="text-accent underline underline-offset-2">
      {host}
    </a>
  );
}

/** A guess from what the browser says of itself: the others stand beside it. */
function thisSystem(): System | undefined {
  const { userAgent, maxTouchPoints } = navigator;
  if (/Android/.test(userAgent)) return 'android';
  // An iPad says that it is a Mac.
  if (/iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) return 'apple';
  if (/Firefox/.test(userAgent)) return 'firefox';
  if (/Windows/.test(userAgent)) return 'windows';
  if (/Macintosh/.test(userAgent)) return 'mac';
  return /Linux|CrOS/.test(userAgent) ? 'linux' : undefined;
}
