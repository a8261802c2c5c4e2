/** Score: what a device is asked to run. Adjacently tagged, without envelope or version, as other writers of the buckets know it. */
import * as z from 'zod';
import { closedObject, type Issue, issuesFromZod } from '../issue.ts';
import { serviceConflicts } from './conflicts.ts';
import { PodmanService } from './service.ts';

const PodmanV0 = z
  .strictObject({
    type: z.literal('PodmanV0').describe('Services run as containers on podman (or Docker).'),
    data: closedObject({
      services: z.array(PodmanService).max(200).describe('The services, unique by name.'),
    })
      .check((context) => {
        for (const conflict of serviceConflicts(context.value.services)) {
          context.issues.push({
            code: 'custom',
            input: conflict.value,
            path: ['services', ...conflict.path],
            message: conflict.message,
          });
        }
      })
      .describe('Everything the variant needs.'),
  })
  .meta({ id: 'PodmanV0' });

export const Score = z
  .discriminatedUnion('type', [PodmanV0], {
    error: (issue) =>
      issue.code === 'invalid_union'
        ? `${JSON.stringify((issue.input as { type?: unknown } | undefined)?.type)} is not a kind of Score this version knows. It knows PodmanV0.`
        : undefined,
  })
  .meta({ id: 'Score' })
  .describe('What a device is asked to run. `type` names the variant, `data` is its content.');
export type Score = z.infer<typeof Score>;

export type DecodedScore =
  | { ok: true; score: Score }
  /** `unsupported`: well-formed, but of a type or with a field this version does not know. `invalid`: anything else. */
  | { ok: false; reason: 'unsupported' | 'invalid'; issues: Issue[] };

/** Reads a desired-state value. The score keeps its own order of keys, so that `encodeScore` gives the same bytes back. */
export function decodeScore(text: string): DecodedScore {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      reason: 'invalid',
      issues: [{ path: [], message: `This is not JSON: ${(error as Error).message}`, severity: 'error' }],
    };
  }
  const result = Score.safeParse(raw);
  // The input itself, not zod's copy: a copy would follow the schema's order of keys.
  if (result.success) return { ok: true, score: raw as Score };
  const unknownType =
    typeof raw === 'object' && raw !== null && 'type' in raw && typeof raw.type === 'string' && raw.type !== 'PodmanV0';
  const unknownField = result.error.issues.every(
    (issue) => issue.code === 'unrecognized_keys' || (issue.code === 'custom' && 'params' in issue),
  );
  return { ok: false, reason: unknownType || unknownField ? 'unsupported' : 'invalid', issues: issuesFromZod(result.error) };
}

/** The exact text that goes into `desired-state`. */
export const encodeScore = (score: Score): string => JSON.stringify(score);

/** The exact text of one service: what the label `scorewall.score` holds and what change detection compares. */
export const encodeService = (service: PodmanService): string => JSON.stringify(service);
