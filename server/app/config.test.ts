import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

test('vehicle data is asked for at BlueOS’s address, elsewhere, or not at all', () => {
  const address = (given?: string) => readConfig({ MAVLINK2REST_URL: given }).mavlink2rest;
  expect(address()).toBe('http://host.docker.internal/mavlink2rest');
  expect(address('http://127.0.0.1:6040')).toBe('http://127.0.0.1:6040');
  expect(address('off')).toBeNull();
});

test('a simulated vehicle goes only with a simulated sensor', () => {
  const given = { SERIAL_PORT: '/dev/ttyUSB0', MAVLINK2REST_URL: 'sim:' };
  const refused = () => readConfig(given);
  expect(refused).toThrow(ConfigError);
  expect(refused).toThrow('MAVLINK2REST_URL=sim:: sim: goes only with a simulated sensor');
  expect(readConfig({ ...given, SERIAL_PORT: 'sim:' }).mavlink2rest).toBe('sim:');
});

test('a token that can not be one is told without telling it', () => {
  expect(() => readConfig({ API_TOKEN: 'geheim' })).toThrow(
    /^(?!.*geheim).*API_TOKEN: at least 8 characters/,
  );
});
