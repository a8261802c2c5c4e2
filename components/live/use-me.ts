'use client';
/** Who is signed in on this page, and what they may do: for what is offered, never for what is allowed (the hub and NATS decide that). */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Right } from '#contracts/access.ts';
import type { Session } from '#contracts/api.ts';
import { useLink } from './use-wall.ts';

/** undefined until the hub has answered. Asked again with each new live connection: a change of role cuts the one before. */
export function useMe(): Session | undefined {
  const epoch = useLink()?.epoch ?? 0;
  return useQuery({
    queryKey: ['session', epoch],
    // Loaded beside the first drawing: what checks the hub's answers is larger than the wall itself.
    queryFn: async ({ signal }) => (await import('./api-client.ts')).api.session(signal),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  }).data;
}

export const useMay = (right: Right): boolean => useMe()?.rights.includes(right) ?? false;
/** Known not to be allowed: before the hub has answered nobody is turned away. */
export function useMayNot(right: Right): boolean {
  const me = useMe();
  return me !== undefined && !me.rights.includes(right);
}
