import { expect, test } from 'vitest';
import { markersOf } from './events.ts';

test('events stand in order of time, and holes are told from marks', () => {
  const event = (elapsed_s: number, kind: string) => ({
    timestamp: '2025-11-12T14:30:45Z',
    elapsed_s,
    kind,
    detail: 'What happened.',
  });
  const events = [event(9, 'sync_start'), event(3, 'sensor_disconnected')];
  const markers = markersOf(events, ({ elapsed_s }) => elapsed_s);
  expect(markers.map(({ time, label, tone }) => [time, label, tone])).toEqual([
    [3, 'Sensor disconnected', 'warn'],
    [9, 'Sync start', 'info'],
  ]);
});
