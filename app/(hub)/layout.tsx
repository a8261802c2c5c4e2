import type { ReactNode } from 'react';
import { GlobalKeys } from '#components/keys/global-keys.tsx';
import { Providers } from '#components/live/providers.tsx';
import { AddDevice } from './add-device.tsx';

export default function HubLayout({ children }: { children: ReactNode }) {
  return (
    <Providers>
      {children}
      <GlobalKeys />
      <AddDevice />
    </Providers>
  );
}
