import { z } from 'zod';

const text = z.string().min(1);
const port = z.string().regex(/^\d+\/(tcp|udp)$/);
const person = z.strictObject({ name: text, email: z.email() });
const inJson = <T extends z.ZodType>(schema: T) =>
  text.transform((given) => JSON.parse(given) as unknown).pipe(schema);

/** Of Docker's create-container body, what an extension has a use for. Anything else is a slip. */
const createContainer = z.strictObject({
  ExposedPorts: z.record(port, z.strictObject({})),
  HostConfig: z.strictObject({
    Privileged: z.boolean().optional(),
    NetworkMode: text.optional(),
    Binds: z.array(z.string().regex(/^\/[^:]+:\/[^:]*(:(ro|rw))?$/)).optional(),
    ExtraHosts: z.array(z.string().regex(/^[\w.-]+:(host-gateway|[\d.]+)$/)).optional(),
    PortBindings: z
      .record(port, z.array(z.strictObject({ HostPort: z.string().regex(/^\d+(-\d+)?$/) })).min(1))
      .optional(),
    Devices: z
      .array(z.strictObject({ PathOnHost: text, PathInContainer: text, CgroupPermissions: text }))
      .optional(),
    CpuPeriod: z.int().optional(),
    CpuQuota: z.int().optional(),
    Memory: z.int().optional(),
  }),
  Env: z.array(z.string().regex(/^\w+=/)).optional(),
});

/** Folder of what the store wants in its own repository, under `repos/`. */
const SUBMISSION = 'store/qsensor-recorder';
export const METADATA = `${SUBMISSION}/qsensor/metadata.json`;
export const LOGOS = [
  `${SUBMISSION}/company_logo.png`,
  `${SUBMISSION}/qsensor/extension_logo.png`,
] as const;

/** The file that lists the extension. */
export const metadata = z.strictObject({
  name: text,
  website: z.url(),
  docker: z.string().regex(/^[a-z0-9]+\/[a-z0-9-]+$/),
  description: text.max(200),
});

/** The labels that BlueOS's store reads from an image, by its rules. */
export const labels = z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/),
  permissions: inJson(createContainer),
  authors: inJson(z.array(person).min(1)),
  company: inJson(person.extend({ about: text })),
  readme: z.url(),
  /** The store shows these three by name. */
  links: inJson(z.strictObject({ website: z.url(), support: z.url(), documentation: z.url() })),
  type: z.enum(['device-integration', 'example', 'tool', 'other']),
  tags: inJson(
    z
      .array(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/))
      .min(1)
      .max(10),
  ),
  requirements: z.string().regex(/^core (>=|>|=) \d+\.\d+(\.\d+)?$/),
});
