import { isoMicros } from '../../../shared/clock.ts';
import { ApiError } from '../../../shared/errors.ts';
import type { Services } from '../../control/services.ts';
import { cockpitExtras } from './cockpit-extras.ts';
import { Presses } from './presses.ts';
import type { Handlers } from './register.ts';
import type { SocketHandler } from './stream-routes.ts';

type Names =
  | 'recordToggle'
  | 'recordStartDefault'
  | 'recordStopCurrent'
  | 'recordMark'
  | 'cockpitExtras';

/** For the pilot's control station: buttons that know no session, and a widget. */
export function cockpitHandlers(services: Services): Handlers<Names> {
  return {
    ...recordingButtons(services),
    cockpitExtras: () => cockpitExtras(services.build.version),
  };
}

function recordingButtons({
  control,
  recorder,
  clock,
}: Services): Handlers<Exclude<Names, 'cockpitExtras'>> {
  const buttons = new Presses();
  const marks = new Presses();
  const toggle = async () => {
    const { active } = recorder;
    const { session_id } = active
      ? await control.recordStop(active.id)
      : await control.recordStart({});
    return { is_recording: active === null, session_id };
  };
  const mark = (text: string) => {
    const session_id = current(recorder);
    const timestamp = isoMicros(clock.now().wallMicros);
    recorder.note({ kind: 'marker', detail: text });
    return { session_id, timestamp, text };
  };
  return {
    recordToggle: () => buttons.press('toggle', toggle),
    recordStartDefault: () => buttons.press('start', () => control.recordStart({})),
    recordStopCurrent: () => buttons.press('stop', () => control.recordStop(current(recorder))),
    recordMark: ({ body: { text } }) => marks.press(text, () => mark(text)),
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
