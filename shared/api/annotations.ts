import { z } from 'zod';
import { annotation, annotationRequest } from '../annotations.ts';
import { sessionId } from '../session.ts';
import { route } from './route.ts';

const params = z.object({ session_id: sessionId });

export const annotationRoutes = {
  annotations: route({
    method: 'get',
    path: '/sessions/{session_id}/annotations',
    tag: 'Sessions',
    summary: 'What people said of a session afterwards',
    params,
    reply: z.object({
      annotations: z.array(annotation).meta({ description: 'What stands, oldest first' }),
      history: z.array(annotation).meta({ description: 'All that was ever said, oldest first' }),
      damaged_lines: z
        .int()
        .min(0)
        .meta({ description: 'Lines of annotations.jsonl that can not be read' }),
    }),
    errors: ['session_not_found', 'forbidden_path', 'storage_unavailable'],
  }),
  annotate: route({
    method: 'post',
    path: '/sessions/{session_id}/annotations',
    tag: 'Sessions',
    summary: 'Say something of a session; no recorded file is changed',
    description:
      'It is added to annotations.jsonl; what was said before stays there. docs/annotations.md.',
    params,
    body: annotationRequest,
    reply: annotation,
    errors: ['session_not_found', 'forbidden_path', 'storage_unavailable', 'disk_full'],
  }),
};
