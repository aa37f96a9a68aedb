import { z } from 'zod';

const text = z.string().min(1);
const version = text.regex(/^\d+\.\d+\.\d+$/);

const widget = z.strictObject({
  name: text,
  /** Relative to the extension's path where `use_extension_path_as_base_url` says so. */
  iframe_url: text.startsWith('/'),
  iframe_icon: text.startsWith('/'),
  version,
  use_extension_path_as_base_url: z.literal(true),
  start_collapsed: z.boolean(),
});

const action = z.strictObject({
  id: text,
  name: text,
  type: z.literal('http-request'),
  version,
  config: z.strictObject({
    name: text,
    url: text.startsWith('http://{{ vehicle-address }}/extensionv2/qsensor/'),
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
    headers: z.record(z.string(), z.string()),
    url_params: z.record(z.string(), z.string()),
    /** Text that Cockpit sends as it is. */
    body: z.string(),
  }),
});

const button = z.strictObject({
  id: text,
  action_protocol: z.literal('cockpit-action'),
  action_name: text,
  action_id: text,
  button: z.int().min(0).max(31),
  modifier: z.enum(['regular', 'shift']),
  description: text,
});

/** The file that `extras.cockpit` leads Cockpit to. */
export const cockpitFile = z.strictObject({
  target_system: z.literal('Cockpit'),
  target_cockpit_api_version: z.literal('1.0.0'),
  widgets: z.array(widget).min(1),
  actions: z.array(action).min(1),
  joystick_suggestions: z.array(
    z.strictObject({
      id: text,
      name: text,
      description: text,
      version,
      button_mapping_suggestions: z.array(button).min(1),
    }),
  ),
});

export type CockpitAction = z.infer<typeof action>;

/** What Cockpit does when the pilot presses the button: its address put in, the body as it stands. */
export async function press({ config }: CockpitAction, address: string) {
  const url = config.url.replace('{{ vehicle-address }}', address);
  const response = await fetch(url, {
    method: config.method,
    headers: config.headers,
    body: config.body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
