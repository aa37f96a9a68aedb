import { hostname } from 'node:os';
import { isoMicros } from '../../../shared/clock.ts';
import type { Services } from '../../control/services.ts';
import type { Handlers } from './register.ts';

type Names =
  | 'serviceHealth'
  | 'version'
  | 'registerService'
  | 'getSettings'
  | 'putSettings'
  | 'system'
  | 'diagnostics';

const NAME = 'qsensor-recorder';

/** What tells about the service itself. */
export function serviceHandlers(services: Services): Handlers<Names> {
  const { build, settings, clock, control, sensor, recorder, disk } = services;
  const startedAt = clock.now();
  const system = async () => {
    const now = clock.now();
    const space = await disk.space();
    return {
      ...{ version: build.version, git: build.git, node: process.version },
      started_at: isoMicros(startedAt.wallMicros),
      uptime_s: now.mono - startedAt.mono,
      time: isoMicros(now.wallMicros),
      hostname: hostname(),
      memory_bytes: process.memoryUsage.rss(),
      api_token_needed: services.apiToken !== null,
      disk: { ...space, reserve_bytes: settings.current.disk_reserve_bytes },
    };
  };
  return {
    serviceHealth: () => ({ service: NAME, version: build.version, status: 'online' }),
    version: () => ({ api: build.version, git: build.git, status: 'ok' }),
    registerService: () => build.registerService,
    getSettings: () => settings.current,
    putSettings: ({ body }) => {
      if (body.serial_port) control.checkPort(body.serial_port);
      return settings.change(body);
    },
    system,
    diagnostics: async (_input, ctx) => {
      ctx.attachment('qsensor-diagnostics.json');
      ctx.body = {
        system: await system(),
        settings: settings.current,
        sensor: { ...sensor.snapshot(), dump: sensor.configurationDump },
        recording: recorder.status(),
        console: sensor.consoleLines(),
        log: services.lastLogLines(),
      };
      return undefined;
    },
  };
}
