/** How a route describes its answers in the OpenAPI document. */
import { z } from '@hono/zod-openapi';
import { Problem } from '#contracts/problem.ts';

export const NamePath = z.object({ name: z.string() });

export const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });

/** The answer itself; everything else is a problem. */
export const answers = <T extends z.ZodType>(schema: T, description: string) => ({
  200: { description, content: json(schema) },
  default: problem,
});

export const problem = {
  description: 'What happened, what it means for the devices, and one next step.',
  content: { 'application/problem+json': { schema: Problem } },
};
