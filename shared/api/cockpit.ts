import { z } from 'zod';
import { isoTime, sessionId } from '../session.ts';
import { stopReply } from './recording.ts';
import { route } from './route.ts';

/** WebSocket for Cockpit's data lake: one text message `variable=value` per variable. */
export const DATA_LAKE_PATH = '/cockpit/data-lake';

/** For a control station's buttons, which know no session id. */
export const cockpitRoutes = {
  recordToggle: route({
    method: 'post',
    path: '/record/toggle',
    tag: 'Recording',
    summary: 'Begin a session with the default settings, or end the one that is recorded',
    reply: z.object({
      is_recording: z.boolean().meta({ description: 'What is so now' }),
      session_id: sessionId.meta({ description: 'Of the session that began or ended' }),
    }),
    errors: [
      'already_recording',
      'not_recording',
      'port_unavailable',
      'storage_unavailable',
      'sensor_no_answer',
      'disk_full',
    ],
  }),
  recordStopCurrent: route({
    method: 'post',
    path: '/record/stop-current',
    tag: 'Recording',
    summary: 'End the session that is recorded, whichever it is',
    description: 'As /record/stop, for a button that knows no session id.',
    reply: stopReply,
    errors: ['not_recording', 'other_session', 'storage_unavailable', 'disk_full'],
  }),
  recordMark: route({
    method: 'post',
    path: '/record/mark',
    tag: 'Recording',
    summary: 'Mark this moment of the recording, in words',
    description: 'The marker is an event of the session and shows in its plots.',
    body: z.strictObject({
      text: z
        .string()
        .trim()
        .min(1)
        .max(500)
        .default('Mark')
        .meta({ description: 'What is to be seen here', examples: ['Seagrass starts here'] }),
    }),
    reply: z.object({
      session_id: sessionId,
      timestamp: isoTime.meta({ description: 'When the marker was set, UTC' }),
      text: z.string().meta({ description: 'The text as it stands in the event' }),
    }),
    errors: ['not_recording'],
  }),
  cockpitExtras: route({
    method: 'get',
    path: '/cockpit_extras.json',
    tag: 'Service',
    summary: 'The widget and the actions that Cockpit offers its pilot',
    reply: z.looseObject({
      targetSystem: z.string().meta({ description: 'Whom the file is for' }),
    }),
    errors: [],
  }),
};
