import { isoMicros } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import type { Handlers } from './register.ts';
import type { SocketHandler } from './stream-routes.ts';

type Names = 'recordToggle' | 'recordMark' | 'cockpitExtras';

/** For the pilot's control station: buttons that know no session, and a widget. */
export function cockpitHandlers({ control, recorder, clock, build }: Services): Handlers<Names> {
  return {
    recordToggle: async () => {
      const id = recorder.status().session_id;
      const { session_id } = id ? await control.recordStop(id) : await control.recordStart({});
      return { is_recording: id === null, session_id };
    },
    recordMark: ({ body }) => {
      const session_id = recorder.status().session_id;
      if (session_id === null) {
        throw new ApiError('not_recording', 'Nothing is being recorded: start a recording first.');
      }
      const timestamp = isoMicros(clock.now().wallMicros);
      recorder.note({ kind: 'marker', detail: body.text });
      return { session_id, timestamp, text: body.text };
    },
    cockpitExtras: () => cockpitExtras(build.version),
  };
}

export function dataLakeHandler({ dataLake }: Pick<Services, 'dataLake'>): SocketHandler {
  return ({ websocket }) => {
    websocket.on('close', dataLake.attach(websocket));
  };
}

/** Cockpit puts the vehicle's address in; under this path BlueOS finds us at whatever port. */
const VEHICLE = 'http://{{ vehicle-address }}/extensionv2/qsensor';

function cockpitExtras(version: string) {
  return {
    target_system: 'Cockpit' as const,
    target_cockpit_api_version: '1.0.0',
    widgets: [
      {
        name: 'PAR light sensor',
        iframe_url: '/widget?theme=dark',
        iframe_icon: '/icon.svg',
        version,
        use_extension_path_as_base_url: true,
        start_collapsed: false,
      },
    ],
    actions: [
      action('qsensor-toggle', 'Light sensor: start or stop recording', '/record/toggle', version),
      action('qsensor-mark', 'Light sensor: mark this moment', '/record/mark', version),
    ],
    joystick_suggestions: [],
  };
}

function action(id: string, name: string, path: string, version: string) {
  const config = {
    name,
    url: `${VEHICLE}${path}`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    url_params: {},
    body: '{}',
  };
  return { id, name, type: 'http-request', version, config };
}
