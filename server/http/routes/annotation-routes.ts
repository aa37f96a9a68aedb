import type { AnnotationRequest } from '../../../shared/annotations.ts';
import type { Services } from '../../control/services.ts';
import type { Handlers } from './register.ts';

/** What people say of a session. */
export function annotationHandlers({
  annotations,
}: Services): Handlers<'annotations' | 'annotate'> {
  return {
    annotations: async ({ params }) => {
      const { standing, history, damagedLines } = await annotations.read(params.session_id);
      return { annotations: standing, history, damaged_lines: damagedLines };
    },
    annotate: ({ params, body }) => annotations.add(params.session_id, body as AnnotationRequest),
  };
}
