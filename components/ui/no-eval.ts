/** Runs before any file of the build: zod would ask whether it may make code from text, and the policy would report each ask. */
export const NO_EVAL = 'globalThis.__zod_globalConfig={jitless:true};';
