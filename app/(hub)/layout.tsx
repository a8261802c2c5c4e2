import type { ReactNode } from 'react';
import { GlobalKeys } from '#components/keys/global-keys.tsx';
import { Providers } from '#components/live/providers.tsx';
import { ProofDialog } from '#components/people/proof-dialog.tsx';
import { AddDevice } from './add-device.tsx';
import { PanesProvider } from './panes.tsx';

export default function HubLayout({ children }: { children: ReactNode }) {
  return (
    <Providers>
      <PanesProvider>
        {children}
        <GlobalKeys />
        <AddDevice />
        <ProofDialog />
      </PanesProvider>
    </Providers>
  );
}
