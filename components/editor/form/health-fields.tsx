'use client';
import { splitWords } from '../../manifest/command-line.ts';
import type { ServiceForm } from '../../manifest/form-model.ts';
import type { Path } from '../../manifest/locate.ts';
import { asNumber, TextField } from './text-field.tsx';

export function HealthFields({ path, healthcheck }: { path: Path; healthcheck: ServiceForm['healthcheck'] }) {
  return (
    <>
      <TextField
        label="Command that tells whether it works"
        path={[...path, 'test']}
        value={healthcheck.test}
        placeholder="wget -q -O /dev/null http://localhost/"
        hint="It runs inside the service. An exit code other than 0 means unhealthy."
        {...(healthcheck.testIsList ? { write: splitWords } : {})}
      />
      <div className="grid gap-3 sm:grid-cols-3">
        <TextField label="Every" path={[...path, 'interval']} value={healthcheck.interval} placeholder="30s" />
        <TextField label="Gives up after" path={[...path, 'timeout']} value={healthcheck.timeout} placeholder="30s" />
        <TextField
          label="Failures in a row"
          path={[...path, 'retries']}
          value={healthcheck.retries}
          placeholder="3"
          write={asNumber}
        />
      </div>
    </>
  );
}
