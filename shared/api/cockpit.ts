import { z } from 'zod';
import { isoTime, sessionId } from '../session.ts';
import { startReply, stopReply } from './recording.ts';
import { route } from './route.ts';

/** WebSocket for Cockpit's data lake: one text message `variable=value` per variable. */
export const DATA_LAKE_PATH = '/cockpit/data-lake';

const ONCE =
  'Calls within 1 s of each other, or while one is being carried out, count once and get the same answer: control stations send more than one for a button that is held.';

const CANT_START = [
  'already_recording',
  'busy',
  'not_a_serial_port',
  'port_unavailable',
  'storage_unavailable',
  'not_connected',
  'sensor_no_answer',
  'sensor_refused',
  'disk_full',
] as const;

/** For a control station's buttons, which know no session id. */
export const cockpitRoutes = {
  recordToggle: route({
    method: 'post',
    path: '/record/toggle',
    tag: 'Recording',
    summary: 'Begin a session with the default settings, or end the one that is recorded',
    description: ONCE,
    reply: z.object({
      is_recording: z.boolean().meta({ description: 'What is so now' }),
      session_id: sessionId.meta({ description: 'Of the session that began or ended' }),
    }),
    errors: [...CANT_START, 'not_recording'],
  }),
  recordStartDefault: route({
    method: 'post',
    path: '/record/start-default',
    tag: 'Recording',
    summary: 'Begin a session with the default settings',
    description: `As /record/start without anything, for a button. ${ONCE}`,
    reply: startReply,
    errors: [...CANT_START],
  }),
  recordStopCurrent: route({
    method: 'post',
    path: '/record/stop-current',
    tag: 'Recording',
    summary: 'End the session that is recorded, whichever it is',
    description: `As /record/stop, for a button that knows no session id. ${ONCE}`,
    reply: stopReply,
    errors: ['not_recording', 'other_session', 'storage_unavailable', 'disk_full'],
  }),
  recordMark: route({
    method: 'post',
    path: '/record/mark',
    tag: 'Recording',
    summary: 'Mark this moment of the recording, in words',
    description:
      'The marker is an event of the session and shows in its plots. Calls with the same text within 1 s of each other count once.',
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
