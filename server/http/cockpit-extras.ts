/** Cockpit puts the vehicle's address in; under this path BlueOS finds us at whatever port. */
const VEHICLE = 'http://{{ vehicle-address }}/extensionv2/qsensor';

const TOGGLE = { id: 'qsensor-toggle', name: 'Light sensor: start or stop recording' };
const START = { id: 'qsensor-start', name: 'Light sensor: start recording' };
const STOP = { id: 'qsensor-stop', name: 'Light sensor: stop recording' };
const MARK = { id: 'qsensor-mark', name: 'Light sensor: mark this moment' };

interface Named {
  id: string;
  name: string;
}

/** What Cockpit offers its pilot: a widget, actions for buttons, and buttons to put them on. */
export function cockpitExtras(version: string) {
  return {
    target_system: 'Cockpit' as const,
    target_cockpit_api_version: '1.0.0',
    widgets: [widget(version)],
    actions: [
      action(TOGGLE, '/record/toggle', version),
      action(START, '/record/start', version),
      action(STOP, '/record/stop-current', version),
      action(MARK, '/record/mark', version),
    ],
    joystick_suggestions: [joystick(version)],
  };
}

function widget(version: string) {
  return {
    name: 'PAR light sensor',
    iframe_url: '/widget?theme=dark',
    iframe_icon: '/icon.svg',
    version,
    use_extension_path_as_base_url: true,
    start_collapsed: false,
  };
}

/** Cockpit reads a body even where the call needs none. */
function action({ id, name }: Named, path: string, version: string) {
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

/** With the shift button held, so that no control of the vehicle gives way. */
function joystick(version: string) {
  return {
    id: 'qsensor-joystick',
    name: 'Light sensor',
    description: 'Record and mark from the joystick, with the shift button held.',
    version,
    button_mapping_suggestions: [
      button(TOGGLE, 2, 'Starts the recording, or stops it'),
      button(MARK, 3, 'Marks this moment in the recording'),
    ],
  };
}

function button({ id, name }: Named, number: number, description: string) {
  return {
    id: `${id}-button`,
    action_protocol: 'cockpit-action',
    action_name: name,
    action_id: id,
    button: number,
    modifier: 'shift',
    description,
  };
}
