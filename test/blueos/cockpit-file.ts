import { z } from 'zod';

const text = z.string().min(1);
/** An address under the extension's own path, as `useExtensionPathAsBaseUrl` says. */
const ownPath = text.startsWith('/');

const widget = z
  .object({
    name: z.string(),
    iframeUrl: ownPath,
    iconUrl: z.string().optional(),
    iframeIcon: ownPath.optional(),
    collapsibleContainerName: z.string().optional(),
    version: z.string().optional(),
    startCollapsed: z.boolean().optional(),
    useExtensionPathAsBaseUrl: z.literal(true),
  })
  .refine(({ iconUrl, iframeIcon }) => iconUrl !== undefined || iframeIcon !== undefined);

/** Since 1.19. */
const scaledWidget = widget.safeExtend({
  contentZoom: z.number().optional(),
  scaleContentWithWidget: z.boolean().optional(),
});

const action = z.object({
  id: text,
  name: text,
  type: z.literal('http-request'),
  version: z.string().optional(),
  config: z.object({
    name: text,
    url: text.startsWith('http://{{ vehicle-address }}/extensionv2/qsensor/'),
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'PATCH']),
    headers: z.record(z.string(), z.string()),
    urlParams: z.record(z.string(), z.string()).default({}),
    body: z.string(),
  }),
});

const joystickSuggestions = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    targetVehicleTypes: z.array(z.string()).optional(),
    version: z.string().optional(),
    buttonMappingSuggestions: z
      .array(
        z.object({
          id: z.string(),
          actionProtocol: z.literal('cockpit-action'),
          actionName: z.string(),
          actionId: z.string(),
          button: z.int().min(0).max(31),
          modifierKey: z.enum(['regular', 'shift']),
          description: z.string().optional(),
        }),
      )
      .min(1),
  }),
);

const file = z.object({
  targetSystem: z.string(),
  targetCockpitApiVersion: z.string(),
  widgets: z.array(widget).min(1),
  actions: z.array(action).min(1),
  joystickSuggestions,
});

/**
 * What each version of Cockpit takes of the file that `extras.cockpit` leads to, after its published
 * schema. One that does not fit is dropped as a whole. The parts are as strict as our file has to be.
 */
export const COCKPIT_FILES = {
  '1.18': file,
  '1.19': file.extend({ widgets: z.array(scaledWidget).min(1) }),
} as const;

/** Cockpit 1.17 has no schema; it reads these names. */
export const cockpit17File = z.object({
  target_system: z.string(),
  target_cockpit_api_version: z.string(),
  widgets: z.array(
    z.object({ name: text, iframe_url: ownPath, iframe_icon: ownPath, version: text }),
  ),
  actions: z.array(z.object({ id: text, name: text, type: text, config: z.looseObject({}) })),
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
