'use client';
/** What the hub says about new agents: looked at now and then, and closely while one travels. One answer for all who ask on a page. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { UpdateDecision, Updates } from '#contracts/api-updates.ts';

const LOOK_MS = 30_000;
const LOOK_WHILE_RUNNING_MS = 2_000;
const KEY = ['updates'];

// Loaded beside the first drawing: what checks the hub's answers is larger than the wall itself.
const load = async () => (await import('./updates-api.ts')).updatesApi;

/** undefined until the hub has answered. */
export function useUpdates(): Updates | undefined {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await load()).updates(signal),
    refetchInterval: ({ state }) => (state.data?.rollout?.state === 'running' ? LOOK_WHILE_RUNNING_MS : LOOK_MS),
  }).data;
}

/** What a person may do about them; each looks again at once. */
export function useUpdateSteps() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: KEY });
  const start = useMutation({ mutationFn: async (devices: string[]) => (await load()).start({ devices }), onSuccess });
  const startOn = useMutation({ mutationFn: async (device: string) => (await load()).startOn(device), onSuccess });
  const decide = useMutation({
    mutationFn: async (decision: UpdateDecision['decision']) => (await load()).decide(decision),
    onSuccess,
  });
  return { start, startOn, decide };
}
