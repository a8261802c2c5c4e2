/** Routes of the record of who did what. */
import { createRoute, z } from '@hono/zod-openapi';
import { stream } from 'hono/streaming';
import { AuditPage } from '#contracts/api-identity.ts';
import { AuditQuery } from '#contracts/api-people.ts';
import { exportAudit, readAudit } from '../../audit/read-audit.ts';
import { CSV_HEAD, toCsv, toJsonLines } from '../../audit/write-audit.ts';
import { answers, problem } from '../answers.ts';
import { type Api, contextOf } from '../environment.ts';

const tags = ['audit'];
const text = { schema: z.string() };

const getAudit = createRoute({
  method: 'get',
  path: '/audit',
  tags,
  summary: 'Who did what, from where, with what result; newest first',
  request: { query: AuditQuery },
  responses: answers(AuditPage, 'One page, and whether the chain of what was looked through holds.'),
});
const getExport = createRoute({
  method: 'get',
  path: '/audit/export',
  tags,
  summary: 'All of it, oldest first',
  request: {
    query: AuditQuery.omit({ limit: true, before: true }).extend({ format: z.enum(['jsonl', 'csv']).default('jsonl') }),
  },
  responses: {
    200: { description: 'The lines.', content: { 'application/x-ndjson': text, 'text/csv': text } },
    default: problem,
  },
});

export function auditRoutes(api: Api): void {
  api.openapi(getAudit, async (c) => c.json(await readAudit({ ctx: contextOf(c), input: c.req.valid('query') }), 200));
  api.openapi(getExport, async (c) => {
    const { format, ...filter } = c.req.valid('query');
    const parts = await exportAudit({ ctx: contextOf(c), input: filter });
    c.header('Content-Type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
    c.header('Content-Disposition', `attachment; filename="audit.${format}"`);
    return stream(c, async (out) => {
      if (format === 'csv') await out.write(CSV_HEAD);
      for await (const lines of parts) {
        if (out.aborted) return;
        await out.write(format === 'csv' ? toCsv(lines) : toJsonLines(lines));
      }
    });
  });
}
