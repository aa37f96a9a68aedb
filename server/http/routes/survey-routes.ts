import { isSurveyRequest, type SurveyStartRequest } from '../../../shared/api/survey.ts';
import type { Services } from '../../control/services.ts';
import { JsonPieces } from '../json-pieces.ts';
import { tellDamage } from './damage-header.ts';
import type { Handlers } from './register.ts';

type Translated = 'recordStart' | 'recordStop' | 'recordStatus' | 'recordSnapshots';
type Own = 'syncMarker' | 'syncTime';

/**
 * The handlers with the survey generation of clients served too. The one place where it is told
 * apart: by its start request, and from then on by the session. Everything else goes on to `plain`.
 */
export function withSurveyClients<H extends Handlers<Translated>>(
  { survey, recorder }: Services,
  plain: H,
): H & Handlers<Own> {
  return {
    ...plain,
    recordStart: (input, ctx) =>
      isSurveyRequest(input.body)
        ? survey.start(input.body as SurveyStartRequest)
        : plain.recordStart(input, ctx),
    recordStop: async (input, ctx) => {
      const id = input.body.session_id ?? input.query.session_id;
      const speaks = id !== undefined && (await survey.speaks(id));
      const reply = await plain.recordStop(input, ctx);
      if (!speaks || !('final_chunk_count' in reply)) return reply;
      return { ...reply, ...survey.stopped(reply) };
    },
    recordStatus: async (input, ctx) => {
      const id = input.query.session_id;
      if (id === undefined || !(await survey.speaks(id))) return plain.recordStatus(input, ctx);
      const own = await survey.status(id);
      return recorder.active?.id === id
        ? { ...(await plain.recordStatus(input, ctx)), ...own }
        : own;
    },
    recordSnapshots: async (input, ctx) => {
      const { session_id, after_index } = input.query;
      if (!(await survey.speaks(session_id))) return plain.recordSnapshots(input, ctx);
      const { body, damage } = await survey.snapshots(session_id, after_index);
      tellDamage(ctx, damage);
      return new JsonPieces(body);
    },
    syncMarker: ({ body }) => survey.mark(body),
    syncTime: () => survey.time(),
  };
}
