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
  return inBothSpellings({
    targetSystem: 'Cockpit',
    targetCockpitApiVersion: '1.0.0',
    widgets: [widget(version)],
    actions: [
      action(TOGGLE, '/record/toggle', version),
      action(START, '/record/start-default', version),
      action(STOP, '/record/stop-current', version),
      action(MARK, '/record/mark', version),
    ],
    joystickSuggestions: [joystick(version)],
  }) as { targetSystem: string };
}

function widget(version: string) {
  return {
    name: 'PAR light sensor',
    iframeUrl: '/widget?theme=dark',
    iframeIcon: '/icon.svg',
    version,
    useExtensionPathAsBaseUrl: true,
    startCollapsed: false,
  };
}

/** Cockpit reads a body even where the call needs none. */
function action({ id, name }: Named, path: string, version: string) {
  const config = {
    name,
    url: `${VEHICLE}${path}`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    urlParams: {},
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
    buttonMappingSuggestions: [
      button(TOGGLE, 2, 'Starts the recording, or stops it'),
      button(MARK, 3, 'Marks this moment in the recording'),
    ],
  };
}

function button({ id, name }: Named, number: number, description: string) {
  return {
    id: `${id}-button`,
    actionProtocol: 'cockpit-action',
    actionName: name,
    actionId: id,
    button: number,
    modifierKey: 'shift',
    description,
  };
}

/** Cockpit 1.18 and later read camelCase keys and drop a file without them; 1.17 reads snake_case. */
function inBothSpellings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inBothSpellings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const both = inBothSpellings(inner);
      return [
        [key, both],
        [snakeCase(key), both],
      ];
    }),
  );
}

/** Names of HTTP headers stay as they are: none of them has a small letter before a capital one. */
function snakeCase(key: string): string {
  return key.replaceAll(/(?<=[a-z])[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
