import { z } from 'zod';
import { deployment } from '../archive/deployment.ts';
import type { Missing } from '../archive/missing.ts';
import { sessionId } from '../session.ts';
import { route } from './route.ts';

const params = z.object({ session_id: sessionId });
const fields = Object.keys(deployment.shape) as (keyof typeof deployment.shape)[];

const missing = z.object({
  field: z.enum(fields).nullable().meta({
    description: 'Which of the deployment mends it; null: nothing that people could say',
  }),
  detail: z.string().meta({ description: 'What is not known, in a sentence' }),
  weight: z.enum(['needed', 'wanted']).meta({
    description: 'needed: SeaBASS refuses a file without · wanted: it takes it, and says so',
  }),
}) satisfies z.ZodType<Missing>;

export const archiveState = z.object({
  deployment: deployment.nullable().meta({ description: 'null: nobody has told anything yet' }),
  lacks: z.array(missing).meta({ description: 'What an archive would miss, most needed first' }),
});
export type ArchiveState = z.infer<typeof archiveState>;

export const archiveRoutes = {
  sessionArchive: route({
    method: 'get',
    path: '/sessions/{session_id}/archive',
    tag: 'Sessions',
    summary: 'What people said of the dive, and what an archive would still miss',
    description:
      'The deployment is said by POST /sessions/{session_id}/annotations with kind deployment.',
    params,
    reply: archiveState,
    errors: ['session_not_found', 'forbidden_path'],
  }),
};
