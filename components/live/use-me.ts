'use client';
/** Who is signed in on this page, and what they may do: for what is offered, never for what is allowed (the hub and NATS decide that). */
import { useQuery } from '@tanstack/react-query';
import type { Right } from '#contracts/access.ts';
import type { Session } from '#contracts/api.ts';
import { api } from './api-client.ts';

/** undefined until the hub has answered. */
export function useMe(): Session | undefined {
  return useQuery({ queryKey: ['session'], queryFn: ({ signal }) => api.session(signal), staleTime: 60_000 }).data;
}

export const useMay = (right: Right): boolean => useMe()?.rights.includes(right) ?? false;
