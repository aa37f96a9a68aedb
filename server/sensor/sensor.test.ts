import { expect, test } from 'vitest';
import { acquiring, more, rig } from '../../test/support/sensor-rig.ts';

test('connecting tells who the sensor is and holds it in its menu', async () => {
  const { sensor } = rig({ serial: 'SIM 12#  ' });
  expect(await sensor.connect('port', 115_200)).toEqual({ sensorId: 'SIM 12#  ' });
  expect(sensor.snapshot()).toMatchObject({
    connected: true,
    state: 'CONFIG_MENU',
    firmware: '4.003',
    problem: null,
  });
});

test('a command that the device lost while it was printing is sent again', async () => {
  const { device, sensor } = rig();
  const plug = device.plug.bind(device);
  let lost = 0;
  device.plug = (baud) => {
    const port = plug(baud);
    const write = port.write.bind(port) as (bytes: Buffer) => boolean;
    port.write = (bytes: Buffer) => (String(bytes) === '^' && lost++ === 0 ? true : write(bytes));
    return port;
  };
  expect(await sensor.connect('port', 115_200)).toEqual({ sensorId: 'SIM0001' });
  expect(lost).toBe(2);
});

test('connecting again to the same port does nothing, to another one is refused', async () => {
  const { sensor } = rig();
  await sensor.connect('port', 115_200);
  expect(await sensor.connect('port', 115_200)).toEqual({ sensorId: 'SIM0001' });
  await expect(sensor.connect('other', 115_200)).rejects.toMatchObject({ code: 'other_port' });
});

test('freerun readings keep the digits that were sent, in order', async () => {
  const { device, sensor, readings } = rig();
  const sent: string[] = [];
  device.onReading((reading) => sent.push(reading.text));
  await sensor.connect('port', 115_200);
  await sensor.start(1);
  expect(sensor.snapshot().state).toBe('ACQ_FREERUN');
  await more(readings, 50);
  const got = readings.map((r) => `${r.value}, ${r.temperature}, ${r.voltage}`);
  const first = sent.indexOf(got[0] as string);
  expect(got).toEqual(sent.slice(first, first + got.length));
});

test('settings are changed while it acquires, and the rate that was asked for comes again', async () => {
  const { sensor } = await acquiring({ mode: 'polled', averaging: 4 });
  await sensor.configure({ averaging: 125 }, true);
  const slow = sensor.snapshot().expectedRateHz ?? 0;
  await sensor.configure({ averaging: 4 }, true);
  expect(sensor.isAcquiring).toBe(true);
  expect(slow).toBeLessThan(1.1);
  expect(sensor.snapshot().expectedRateHz).toBeGreaterThan(8);
  await expect(sensor.configure({ averaging: 8 })).rejects.toThrow('acquiring');
});

test('polled readings come at the pace of the queries', async () => {
  const { sensor, readings } = await acquiring({ mode: 'polled', tag: 'C', averaging: 4 });
  expect(sensor.snapshot().state).toBe('ACQ_POLLED');
  await more(readings, 5);
  expect(readings.every((reading) => reading.mode === 'polled')).toBe(true);
});

test('a device in quiet mode is believed after its reset', async () => {
  const { readings } = await acquiring({ quiet: true });
  await more(readings);
});

test('settings are what the menu says after the change', async () => {
  const { sensor, device } = rig();
  await sensor.connect('port', 115_200);
  const config = await sensor.configure({
    averaging: 25,
    adc_rate_hz: 250,
    mode: 'polled',
    tag: 'D',
  });
  expect(config).toMatchObject({ averaging: 25, adc_rate_hz: 250, mode: 'polled', tag: 'D' });
  expect(device.settings).toMatchObject({ averaging: 25, rate: 250, mode: 'polled', tag: 'D' });
  expect((await sensor.configure({ mode: 'freerun' })).mode).toBe('freerun');
});

test('a setting that the device does not take is an error with its words', async () => {
  const { sensor, device } = rig();
  await sensor.connect('port', 115_200);
  device.faults.rateSetupFails = true;
  await expect(sensor.configure({ adc_rate_hz: 250 })).rejects.toMatchObject({
    code: 'sensor_refused',
    message: expect.stringContaining('Oh my goodness'),
  });
  device.faults.rateSetupFails = false;
  expect((await sensor.configure({ adc_rate_hz: 250 })).adc_rate_hz).toBe(250);
});

test('a pause holds the readings and a resume brings them back', async () => {
  const { sensor, readings, events } = await acquiring();
  await more(readings);
  await sensor.pause();
  expect(sensor.snapshot().state).toBe('PAUSED');
  await expect(sensor.pause()).rejects.toMatchObject({ code: 'wrong_state' });
  expect(await sensor.resume()).toEqual({ mode: 'freerun' });
  await more(readings);
  expect(events).toEqual(['acquisition_paused', 'readings_resumed']);
});

test('calls in a wrong state are refused in words', async () => {
  const { sensor } = rig();
  await expect(sensor.start(1)).rejects.toMatchObject({ code: 'not_connected' });
  await expect(sensor.stop()).rejects.toMatchObject({ code: 'not_acquiring' });
  await sensor.connect('port', 115_200);
  await expect(sensor.resume()).rejects.toMatchObject({ code: 'wrong_state' });
  await sensor.start(1);
  await expect(sensor.start(1)).rejects.toMatchObject({ code: 'already_acquiring' });
  await expect(sensor.configure({ averaging: 3 })).rejects.toMatchObject({ code: 'wrong_state' });
});

test('after an unplug it goes on by itself when the cable is back', async () => {
  const { device, sensor, readings, events } = await acquiring();
  await more(readings);
  device.faults.absent = true;
  device.unplug();
  await expect.poll(() => sensor.snapshot().state).toBe('DISCONNECTED');
  expect(sensor.snapshot()).toMatchObject({ connected: false, reconnecting: true });
  await expect.poll(() => sensor.snapshot().problem?.kind).toBe('port_unavailable');
  device.faults.absent = false;
  await more(readings);
  expect(sensor.snapshot()).toMatchObject({ state: 'ACQ_FREERUN', problem: null });
  expect(events).toEqual(['sensor_disconnected', 'readings_resumed']);
});

test.each(['still out', 'in again'])(
  'a connect while it looks for the sensor, with the cable %s, ends neither the looking nor the acquisition',
  async (cable) => {
    const { device, sensor, readings, events } = await acquiring();
    await more(readings);
    device.faults.absent = cable === 'still out';
    device.unplug();
    await expect.poll(() => sensor.snapshot().reconnecting).toBe(true);
    if (device.faults.absent) {
      await expect(sensor.connect('port', 115_200)).rejects.toMatchObject({
        code: 'port_unavailable',
      });
      expect(sensor.snapshot().reconnecting).toBe(true);
      await expect.poll(() => sensor.snapshot().problem?.kind).toBe('port_unavailable');
      device.faults.absent = false;
    } else await sensor.connect('port', 115_200);
    await more(readings);
    expect(sensor.isAcquiring).toBe(true);
    expect(events).toEqual(['sensor_disconnected', 'readings_resumed']);
  },
);

test('a connect that fails while acquisition is paused leaves it paused', async () => {
  const { device, sensor, readings } = await acquiring();
  await more(readings);
  await sensor.pause();
  device.faults.absent = true;
  device.unplug();
  await expect.poll(() => sensor.snapshot().reconnecting).toBe(true);
  await expect(sensor.connect('port', 115_200)).rejects.toMatchObject({ code: 'port_unavailable' });
  device.faults.absent = false;
  await expect.poll(() => sensor.snapshot().state, { timeout: 10_000 }).toBe('PAUSED');
  await sensor.resume();
  await more(readings);
});

test('a pause while an answer is on its way sends nothing into the menu', async () => {
  const { device, sensor, readings } = rig({ mode: 'polled', tag: 'A', averaging: 8 });
  const plug = device.plug.bind(device);
  device.plug = (baud) => {
    const port = plug(baud);
    const write = port.write.bind(port) as (bytes: Buffer) => boolean;
    port.write = (bytes: Buffer) => {
      if (String(bytes) === '\x1b') device.inject('A,0.010046, 27.68, 7.494\r\n');
      return write(bytes);
    };
    return port;
  };
  await sensor.connect('port', 115_200);
  await sensor.start(10);
  await more(readings, 1);
  const asked = () => sensor.consoleLines().filter(({ text }) => text.startsWith('>A')).length;
  const before = asked();
  await sensor.pause();
  expect(readings.at(-1)?.value).toBe('0.010046');
  await sensor.resume();
  expect(asked()).toBe(before);
  await more(readings, 1);
});

test('stopping while the cable is out ends the acquisition', async () => {
  const { device, sensor, readings } = await acquiring();
  await more(readings);
  device.faults.absent = true;
  device.unplug();
  await expect.poll(() => sensor.snapshot().reconnecting).toBe(true);
  await sensor.stop();
  device.faults.absent = false;
  await expect.poll(() => sensor.snapshot().state, { timeout: 10_000 }).toBe('CONFIG_MENU');
});

test('a device that fell into its menu is started again', async () => {
  const { device, readings, events } = await acquiring();
  await more(readings);
  device.fallIntoMenu();
  await expect.poll(() => events).toContain('sensor_restarted');
  await more(readings);
});

test('a device that resets itself with other settings is read anew', async () => {
  const { device, readings, events, sensor } = await acquiring();
  await more(readings);
  device.settings.temperature = false;
  device.settings.averaging = 20;
  device.powerCycle();
  await expect.poll(() => sensor.snapshot().config?.averaging, { timeout: 20_000 }).toBe(20);
  readings.length = 0;
  await more(readings);
  expect(readings.at(-1)?.temperature).toBeNull();
  expect(events).toContain('sensor_reset');
});

test('a calibration that was changed behind our back is read anew', async () => {
  const { device, sensor, readings, events } = await acquiring();
  await more(readings);
  device.settings.calibrationFactor = 0.5;
  device.settings.units = 'W/m2';
  device.powerCycle();
  await expect
    .poll(() => sensor.snapshot().config, { timeout: 10_000 })
    .toMatchObject({ calibration_factor: 0.5, calibration_units: 'W/m2' });
  await more(readings);
  expect(events).toContain('sensor_restarted');
});

test('in quiet mode what a reset left of a line never joins the next', async () => {
  const { device, sensor, readings, events } = rig({ quiet: true, rate: 125, averaging: 65 }, 1);
  await sensor.connect('port', 115_200);
  await sensor.start(1);
  for (let times = 0; times < 3; times += 1) {
    await more(readings, 1);
    device.inject('250');
    await more(readings, 1);
  }
  expect(readings.filter(({ value }) => value.startsWith('250'))).toEqual([]);
  sensor.flushPending();
  expect(events).toContain('lines_rejected');
  expect(sensor.snapshot().rejected['cut_short']).toBe(3);
});

test('a silent device is noticed, and its readings taken when it speaks again', async () => {
  const { device, readings, events, sensor } = await acquiring();
  await more(readings);
  device.faults.silent = true;
  await expect.poll(() => sensor.snapshot().problem?.kind, { timeout: 10_000 }).toBe('silent');
  device.faults.silent = false;
  await more(readings);
  expect(events).toEqual(expect.arrayContaining(['sensor_silent', 'readings_resumed']));
});

test('no answer is a 504 that says what to check, and the port is free again', async () => {
  const { device, sensor } = rig();
  device.faults.silent = true;
  await expect(sensor.connect('port', 115_200)).rejects.toMatchObject({ code: 'sensor_no_answer' });
  device.faults.silent = false;
  await sensor.connect('port', 115_200);
});

test('garbage between readings is counted and reported, never recorded', async () => {
  const { device, readings, events, sensor } = await acquiring();
  await more(readings);
  device.inject('noise99.9\r\nModel: Q12345\r\nVers 4.003\r\n125\r\n0.5\r\n');
  await expect.poll(() => events).toContain('lines_rejected');
  await more(readings);
  expect(sensor.snapshot().rejected['garbled']).toBeGreaterThanOrEqual(5);
  expect(readings.every((reading) => /^-?\d+\.\d{6}$/.test(reading.value))).toBe(true);
});

test('a device that streamed through a restart of the service is heard without a menu visit', async () => {
  const before = await acquiring();
  const config = before.sensor.snapshot().config;
  await before.sensor.disconnect();
  const after = rig({}, 20, before.device);
  after.sensor.restore('port', 115_200, config);
  await more(after.readings);
  const sent = after.sensor.consoleLines().filter(({ kind }) => kind === 'sent');
  expect(sent).toEqual([]);
  expect(after.sensor.snapshot()).toMatchObject({ state: 'ACQ_FREERUN', sensorId: 'SIM0001' });
});

test('a start whose start line was lost can be tried again', async () => {
  const { device, sensor, readings } = rig();
  await sensor.connect('port', 115_200);
  await sensor.configure({});
  device.settings.quiet = true;
  await expect(sensor.start(1)).rejects.toMatchObject({ code: 'sensor_no_answer' });
  expect(await sensor.start(1)).toEqual({ mode: 'freerun' });
  await more(readings);
}, 20_000);

test('another sensor on the cable is known by its banner, and no reading of it bears the old id', async () => {
  const { device, sensor, readings, events } = await acquiring();
  await more(readings);
  // What the first one has still to say, it says with its own digits.
  device.powerOff();
  Object.assign(device.settings, { serial: 'SIM0002', decimals: 4 });
  device.powerCycle();
  await expect.poll(() => sensor.snapshot().sensorId, { timeout: 20_000 }).toBe('SIM0002');
  await more(readings);
  const wrong = readings.filter(({ sensorId, value }) => {
    return /\.\d{4}$/.test(value) !== (sensorId === 'SIM0002');
  });
  expect(wrong).toEqual([]);
  expect(events).toContain('sensor_restarted');
});
