/** Whether this browser hears the hub. Times are of this browser's clock. */
export type HubState =
  | { phase: 'connecting' }
  | { phase: 'live'; roundTripMs: number | undefined }
  /** `bus`: the API answers, NATS does not. `retryAtMs` is absent while an attempt runs. */
  | { phase: 'lost'; reason: 'hub' | 'bus'; sinceMs: number; retryAtMs: number | undefined };
