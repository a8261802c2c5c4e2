'use client';
import { useState } from 'react';
import { authApi } from '../live/auth-api.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmByName } from '../ui/confirm-by-name.tsx';

/** For the owner, when somebody lost the phone with the code app. */
export function TurnCodesOff({ name, onDone }: { name: string; onDone: () => Promise<void> }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button look="quiet" onClick={() => setAsking(true)}>
        Turn off codes of {name}
      </Button>
      <ConfirmByName
        open={asking}
        onOpenChange={setAsking}
        name={name}
        title={`Turn off the codes of ${name}?`}
        effect="Their password alone lets them in until they turn codes on again. Do it only when you know that it is them who asks. Devices are not affected."
        verb="Turn codes off"
        onConfirm={async () => {
          await authApi.resetTotpOf(name);
          await onDone();
        }}
      />
    </>
  );
}
