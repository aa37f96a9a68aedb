import { expect, test } from 'vitest';
import { markersOf } from './events.ts';

test('events stand in order of time, and holes are told from marks', () => {
  const event = (elapsed_s: number, kind: string) => ({
    timestamp: '2025-11-12T14:30:45Z',
    elapsed_s,
    kind,
    detail: 'What happened.',
  });
  const events = [
    ...[event(9, 'marker'), event(3, 'sensor_disconnected')],
    event(12, 'kind_of_a_newer_version'),
  ];
  const markers = markersOf(events, ({ elapsed_s }) => elapsed_s);
  expect(markers.map(({ time, label, tone }) => [time, label, tone])).toEqual([
    [3, 'Sensor disconnected', 'warn'],
    [9, 'Marker', 'info'],
    [12, 'Kind of a newer version', 'warn'],
  ]);
});
