import { isoMicros } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import { cockpitExtras } from './cockpit-extras.ts';
import type { Handlers } from './register.ts';
import type { SocketHandler } from './stream-routes.ts';

type Names = 'recordToggle' | 'recordStopCurrent' | 'recordMark' | 'cockpitExtras';

/** For the pilot's control station: buttons that know no session, and a widget. */
export function cockpitHandlers({ control, recorder, clock, build }: Services): Handlers<Names> {
  return {
    recordToggle: async () => {
      const { active } = recorder;
      const { session_id } = active
        ? await control.recordStop(active.id)
        : await control.recordStart({});
      return { is_recording: active === null, session_id };
    },
    recordStopCurrent: () => control.recordStop(current(recorder)),
    recordMark: ({ body }) => {
      const session_id = current(recorder);
      const timestamp = isoMicros(clock.now().wallMicros);
      recorder.note({ kind: 'marker', detail: body.text });
      return { session_id, timestamp, text: body.text };
    },
    cockpitExtras: () => cockpitExtras(build.version),
  };
}

/** Throws not_recording. */
function current({ active }: Services['recorder']): string {
  if (active) return active.id;
  throw new ApiError('not_recording', 'Nothing is being recorded: start a recording first.');
}

export function dataLakeHandler({ dataLake }: Pick<Services, 'dataLake'>): SocketHandler {
  return ({ websocket }) => {
    websocket.on('close', dataLake.attach(websocket));
  };
}
