'use client';
import { useId } from 'react';
import { buttonClass } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { DoorCard } from './door-card.tsx';
import { useDoors } from './use-doors.ts';

const SYSTEMS: readonly { name: string; steps: readonly string[] }[] = [
  {
    name: 'Windows',
    steps: [
      'Open the file, then Install Certificate, Current User.',
      'Choose “Place all certificates in the following store”: Trusted Root Certification Authorities.',
      'Close the browser and open it again.',
    ],
  },
  {
    name: 'macOS',
    steps: [
      'Open the file: Keychain Access takes it into the login keychain.',
      'Open “Scorewall fleet CA” there, and under Trust choose Always Trust.',
      'Close the browser and open it again.',
    ],
  },
  {
    name: 'Linux: Chromium, Chrome, Edge',
    steps: [
      'Settings, Privacy and security, Security, Manage certificates, Authorities (or Custom), Import.',
      'Choose the file, and that it may identify websites.',
    ],
  },
  {
    name: 'iPhone, iPad',
    steps: [
      'Open this page in Safari and download the file.',
      'Settings, Profile Downloaded, Install.',
      'Settings, General, About, Certificate Trust Settings: turn “Scorewall fleet CA” on.',
    ],
  },
  {
    name: 'Android',
    steps: ['Settings, Security, Encryption and credentials, Install a certificate, CA certificate.', 'Choose the file.'],
  },
  {
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
  const heading = useId();
  const [host] = doors?.hosts ?? [];
  return (
    <DoorCard title="Scorewall" note="Trust this wall’s certificate.">
      <div className="flex min-h-72 flex-col gap-4 text-15">
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
            <a href="/api/v1/ca.crt" download="scorewall-ca.crt" className={buttonClass('primary')}>
              Download the certificate
            </a>
            <section aria-labelledby={heading}>
              <h2 id={heading} className="text-13 font-semibold text-muted">
                Its fingerprint: compare it with the one the hub printed at its start
              </h2>
              <p className="mt-1 font-mono text-13 [overflow-wrap:anywhere]">{doors.ca.fingerprint}</p>
            </section>
            <div>
              {SYSTEMS.map(({ name, steps }) => (
                <details key={name} className="border-t border-line py-1.5 last:border-b">
                  <summary className="cursor-pointer rounded-plate py-1 font-semibold">{name}</summary>
                  <ol className="list-decimal pb-1 pl-6 text-muted">
                    {steps.map((step) => (
                      <li key={step}>{step}</li>
                    ))}
                  </ol>
                </details>
              ))}
            </div>
            {host ? (
              <p>
                Then open the wall by its name:{' '}
                <a href={`https://${host}:${window.location.port}/login`} className="text-accent underline underline-offset-2">
                  {host}
                </a>
              </p>
            ) : null}
          </>
        ) : null}
      </div>
    </DoorCard>
  );
}
