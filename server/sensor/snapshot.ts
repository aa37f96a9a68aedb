import type { Problem, SensorConfig, SensorState } from '../../shared/api/sensor.ts';
import type { AcquisitionMode } from '../../shared/reading.ts';
import { averageSeconds, type Connection } from './connection.ts';
import type { MenuSettings } from './menu.ts';
import type { Supervisor } from './supervisor.ts';

/** The sensor at one moment, for status, health and metadata. */
export interface SensorSnapshot {
  connected: boolean;
  state: SensorState;
  port: string | null;
  /** The node that is open, where `port` is a link, or the device came back under another name. */
  portOpened: string | null;
  baud: number | null;
  sensorId: string | null;
  model: string | null;
  firmware: string | null;
  mode: AcquisitionMode | null;
  /** Readings a second by ADC rate / averaging, the 3 % slow clock allowed for. */
  expectedRateHz: number | null;
  config: SensorConfig | null;
  reconnecting: boolean;
  simulated: boolean;
  problem: Problem | null;
  /** Lines that were no readings, by reason. */
  rejected: Record<string, number>;
}

interface Parts {
  connection: Connection;
  supervisor: Supervisor;
  port: { path: string; baud: number } | null;
  isPaused: boolean;
  rejected: Record<string, number>;
}

export function sensorSnapshot(parts: Parts): SensorSnapshot {
  const { connection, supervisor, port, rejected } = parts;
  const { settings, pollHz, isOpen } = connection;
  return {
    connected: isOpen && settings !== null && !supervisor.isRestoring,
    state: sensorState(parts),
    port: port?.path ?? null,
    portOpened: connection.node,
    baud: port?.baud ?? null,
    sensorId: settings?.serial ?? null,
    model: settings && 'Biospherical Q-Series',
    firmware: settings?.firmware ?? null,
    mode: settings?.mode ?? null,
    expectedRateHz: settings && expectedRateHz(settings, pollHz),
    config: settings && isOpen ? sensorConfig(settings) : null,
    reconnecting: supervisor.isRestoring,
    simulated: port?.path.startsWith('sim:') ?? false,
    problem: supervisor.problem,
    rejected,
  };
}

function sensorState({ connection, supervisor, isPaused }: Parts): SensorState {
  const { isOpen, isSampling, settings } = connection;
  if (!isOpen) return 'DISCONNECTED';
  if (isPaused) return 'PAUSED';
  if (!isSampling || supervisor.goal?.want !== 'sampling') return 'CONFIG_MENU';
  return settings?.mode === 'polled' ? 'ACQ_POLLED' : 'ACQ_FREERUN';
}

/** What the device told of itself in its menu, in the contract's words. */
export function sensorConfig(settings: MenuSettings): SensorConfig {
  return {
    averaging: settings.averaging,
    adc_rate_hz: settings.adcRateHz,
    mode: settings.mode,
    tag: settings.mode === 'polled' ? settings.tag : null,
    sample_period_s: settings.averaging / settings.adcRateHz,
    sensor_id: settings.serial,
    firmware: settings.firmware,
    baud: settings.baud,
    calibration_factor: settings.calibrationFactor,
    calibration_units: settings.calibrationUnits,
    immersion_factor: settings.immersionFactor,
    dark_zero_v: settings.darkZeroV,
    description: settings.description,
    preamble: settings.preamble,
    temperature_enabled: settings.temperature,
    voltage_enabled: settings.voltage,
    quiet_start: settings.quiet,
    device_temperature_c: settings.deviceTemperatureC,
    supply_v: settings.supplyV,
  };
}

/** The inverse: what a session's metadata.json kept of a sensor that was read before. */
export function menuSettings(config: SensorConfig): MenuSettings {
  return {
    serial: config.sensor_id,
    firmware: config.firmware,
    averaging: config.averaging,
    adcRateHz: config.adc_rate_hz,
    baud: config.baud,
    calibrationFactor: config.calibration_factor,
    calibrationUnits: config.calibration_units,
    immersionFactor: config.immersion_factor,
    darkZeroV: config.dark_zero_v,
    description: config.description,
    preamble: config.preamble,
    mode: config.mode,
    tag: config.tag,
    temperature: config.temperature_enabled,
    voltage: config.voltage_enabled,
    quiet: config.quiet_start,
    deviceTemperatureC: config.device_temperature_c,
    supplyV: config.supply_v,
  };
}

export function expectedRateHz(settings: MenuSettings, pollHz: number): number {
  const device = 1 / averageSeconds(settings);
  return settings.mode === 'polled' ? Math.min(device, pollHz) : device;
}
