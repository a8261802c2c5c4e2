'use client';
/**
 * Providers: what every signed-in page stands in. The query client (REST), the live wall, the toasts.
 * Use `useQuery` for REST lists and the hooks of `use-wall.ts` for what changes by itself.
 */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Toaster } from '../ui/toast.tsx';
import { LiveProvider, type LiveProviderProps } from './live-provider.tsx';

const MAX_RETRIES = 3;
/** A refusal will not change by asking again; a hub that does not answer may. */
const retry = (count: number, error: unknown) => count < MAX_RETRIES && (error as { code?: unknown }).code === 'unavailable';

export function Providers({ children, onGuestOver }: LiveProviderProps) {
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry, staleTime: 5_000 } } }));
  return (
    <QueryClientProvider client={queries}>
      <LiveProvider onGuestOver={onGuestOver}>{children}</LiveProvider>
      <Toaster />
    </QueryClientProvider>
  );
}
