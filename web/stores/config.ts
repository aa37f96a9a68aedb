import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { SensorConfig } from '../../shared/api/sensor.ts';
import { unit } from '../lib/format/unit.ts';
import { call } from '../lib/http/call.ts';
import { useRecorderStatus } from './recorder-status.ts';

/** The sensor's own settings, as it told them. */
export const useConfig = defineStore('config', () => {
  const vehicle = useRecorderStatus();
  const config = shallowRef<SensorConfig | null>(null);

  /** Keeps what is known when it can't be asked: the unit of a sensor does not go away with it. */
  async function load(): Promise<void> {
    config.value = await call('get', '/config').catch(() => config.value);
  }

  watch(() => [vehicle.health?.connected, vehicle.health?.sensor_id], load, { immediate: true });

  return { config, load, unit: computed(() => unit(config.value?.calibration_units)) };
});
