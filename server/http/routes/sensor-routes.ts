import type { Services } from '../../control/services.ts';
import { type Handlers, Prebuilt } from './register.ts';

type Names =
  | 'health'
  | 'connect'
  | 'findBaud'
  | 'disconnect'
  | 'getConfig'
  | 'setConfig'
  | 'start'
  | 'pause'
  | 'resume'
  | 'stop'
  | 'status'
  | 'latest'
  | 'recent'
  | 'stats'
  | 'console'
  | 'ports';

/** The sensor's control, and what it says. */
export function sensorHandlers(services: Services): Handlers<Names> {
  return { ...controlHandlers(services), ...liveHandlers(services), ...stateHandlers(services) };
}

function controlHandlers({ control }: Services) {
  return {
    connect: async ({ query }) => {
      const { sensorId } = await control.connect(query.port, query.baud);
      return { status: 'connected', sensor_id: sensorId };
    },
    findBaud: async ({ query }) => {
      const { sensorId, baud, tried } = await control.findBaud(query.port);
      return { status: 'connected', sensor_id: sensorId, baud, tried };
    },
    disconnect: async () => {
      await control.disconnect();
      return { status: 'disconnected' };
    },
    setConfig: ({ body, query }) => control.configure(body, query.restart),
    start: async ({ query }) => {
      const started = await control.start(query.poll_hz, query.auto_record);
      return { status: 'started', ...started };
    },
    pause: async () => {
      await control.pause();
      return { status: 'paused' };
    },
    resume: async () => ({ status: 'resumed', mode: (await control.resume()).mode }),
    stop: async () => {
      await control.stop();
      return { status: 'stopped' };
    },
  } satisfies Partial<Handlers>;
}

function liveHandlers({ live, recentBody }: Services) {
  return {
    latest: () => new Prebuilt(live.latest() ?? '{}', null),
    recent: ({ query }) => recentBody(query.seconds),
    stats: () => live.stats(),
  } satisfies Partial<Handlers>;
}

function stateHandlers(services: Services) {
  const { control, sensor, live, recorder, memory, disk, ports } = services;
  return {
    health: () => {
      const { config, mode, baud, portOpened, reconnecting, rejected, ...state } =
        sensor.snapshot();
      return {
        connected: state.connected,
        sensor_id: state.sensorId,
        sample_rate_hz: live.sampleRate(),
        last_reading_age_s: live.lastReadingAge(),
        state: state.state,
        port: state.port,
        model: state.model,
        firmware: state.firmware,
        disk_free_bytes: disk.lastFreeBytes,
        simulated: state.simulated,
        expected_rate_hz: state.expectedRateHz,
        problem: state.problem,
        notice: services.pilotNotice(),
      };
    },
    getConfig: () => control.config(),
    status: () => {
      const { sensorId, portOpened, config, model, firmware, expectedRateHz, ...state } =
        sensor.snapshot();
      const recording = recorder.status().is_recording || memory.recording;
      return {
        ...state,
        ...{ sensor_id: sensorId, port_opened: portOpened, recording, rows: live.count },
      };
    },
    console: () => ({ lines: sensor.consoleLines(), rejected: sensor.snapshot().rejected }),
    ports: async ({ query }) => ({
      ports: await ports(query.busy),
      configured: control.configuredPort,
    }),
  } satisfies Partial<Handlers>;
}
