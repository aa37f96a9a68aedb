import type { Problem, SensorState } from '../../shared/api/sensor.ts';
import { bytes } from './format/number.ts';
import { clockTime, span, zone } from './format/time.ts';

/** Something the person at the page must know, with what to do about it. */
export interface Notice {
  /** Changes with its cause, so that a dismissed notice comes back for a new one. */
  id: string;
  tone: 'danger' | 'warn' | 'info';
  title: string;
  detail: string;
  dismissible: boolean;
}

/** What notices are made from. */
export interface Situation {
  /** Since when the vehicle has not answered, milliseconds; null while it does. */
  lostSince: number | null;
  health: { problem: Problem | null; state: SensorState; connected: boolean } | null;
  record: {
    is_recording: boolean;
    is_sealing: boolean;
    disk_wait_s: number;
    session_id: string | null;
    failure: string | null;
    resumed_at: string | null;
    disk_left_s: number | null;
    disk_free_bytes: number | null;
  } | null;
  /** The vehicle's clock minus this computer's, in seconds; null before it is known. */
  clockDifferenceS: number | null;
}

/** States in which no reading comes, and none is expected: what to do to get some. */
const HELD: Partial<Record<SensorState, [title: string, detail: string]>> = {
  DISCONNECTED: [
    'The sensor is not connected',
    'Press Record to connect and record at once, or connect in the Sensor view to see readings only.',
  ],
  CONFIG_MENU: [
    'Readings are stopped',
    'Press Record to record at once, or Start in the Sensor view to see readings only.',
  ],
  PAUSED: ['Readings are paused', 'Press Resume in the Sensor view.'],
};

/** A slow card takes a second or two now and then. */
const DISK_WAIT_S = 6;
const DISK_SHORT_S = 2 * 3600;
const DISK_SHORT_BYTES = 500e6;
/** Beyond this, times in the files and times on other computers do not match. */
export const CLOCK_LIMIT_S = 2;

/** What is wrong or worth knowing, the gravest first. */
export function noticesFor(situation: Situation): Notice[] {
  const { lostSince } = situation;
  // What the vehicle said last may no longer be true: only the lost contact is certain.
  if (lostSince !== null) return [lostContact(lostSince)];
  return [
    ...failed(situation),
    ...diskWaits(situation),
    ...sensorProblem(situation),
    ...diskShort(situation),
    ...clockDiffers(situation),
    ...resumed(situation),
  ];
}

function lostContact(since: number): Notice {
  return {
    id: 'lost',
    tone: 'danger',
    title: `No contact with the vehicle since ${clockTime(since)} ${zone(since)}`,
    detail:
      'What you see is old. A recording goes on aboard without this page. Check the tether and the vehicle’s power; the page comes back by itself and fills in what it missed.',
    dismissible: false,
  };
}

function failed({ record }: Situation): Notice[] {
  if (!record?.failure || record.is_recording) return [];
  return [
    {
      id: `failed ${record.session_id} ${record.failure}`,
      tone: 'danger',
      title: 'The recording has ended by itself',
      detail: `${record.failure} What was recorded before is kept under Sessions. Put this right, then press Record again.`,
      dismissible: true,
    },
  ];
}

function diskWaits({ record }: Situation): Notice[] {
  if (!record || record.disk_wait_s < DISK_WAIT_S) return [];
  const detail = record.is_sealing
    ? 'The recording was stopped, and its last rows are not safe yet. Keep the power on: they are as soon as the disk answers.'
    : 'Readings go on, but those since then would be lost without power. Keep the power on. If this lasts, the card is failing.';
  return [
    {
      id: `disk waits ${record.is_sealing}`,
      tone: 'danger',
      title: `The disk has not answered for ${span(record.disk_wait_s)}`,
      ...{ detail, dismissible: false },
    },
  ];
}

function sensorProblem({ health, record }: Situation): Notice[] {
  const meanwhile = record?.is_recording
    ? ' The recording stays open and goes on as soon as readings come; the hole is marked in it.'
    : '';
  if (health?.problem) {
    const { kind, detail, action } = health.problem;
    const title = 'No readings from the sensor';
    return [
      {
        id: kind,
        tone: 'danger',
        title,
        detail: `${detail} ${action}${meanwhile}`,
        dismissible: false,
      },
    ];
  }
  const held = health && HELD[health.state];
  if (!held) return [];
  const [title, detail] = held;
  const tone = record?.is_recording ? 'warn' : 'info';
  return [{ id: title, tone, title, detail: `${detail}${meanwhile}`, dismissible: false }];
}

function diskShort({ record }: Situation): Notice[] {
  const left = record?.disk_left_s ?? Number.POSITIVE_INFINITY;
  const free = record?.disk_free_bytes ?? Number.POSITIVE_INFINITY;
  if (left > DISK_SHORT_S && free > DISK_SHORT_BYTES) return [];
  const room = Number.isFinite(left)
    ? `room for ${span(left)} at this rate`
    : `${bytes(free)} free`;
  return [
    {
      id: 'disk',
      tone: 'warn',
      title: `The disk is nearly full: ${room}`,
      detail:
        'Download old sessions and delete them under Sessions. When it is full, the recording is closed cleanly.',
      dismissible: false,
    },
  ];
}

function clockDiffers({ clockDifferenceS }: Situation): Notice[] {
  if (clockDifferenceS === null || Math.abs(clockDifferenceS) <= CLOCK_LIMIT_S) return [];
  const side = clockDifferenceS > 0 ? 'ahead of' : 'behind';
  return [
    {
      id: `clock ${side}`,
      tone: 'warn',
      title: `The vehicle’s clock is ${span(Math.abs(clockDifferenceS))} ${side} this computer`,
      detail:
        'Times in the recordings are the vehicle’s. Set its clock in BlueOS, or note the difference.',
      dismissible: true,
    },
  ];
}

function resumed({ record }: Situation): Notice[] {
  if (!record?.is_recording || !record.resumed_at) return [];
  const at = Date.parse(record.resumed_at);
  return [
    {
      id: `resumed ${record.resumed_at}`,
      tone: 'info',
      title: `The recording went on by itself at ${clockTime(at)} ${zone(at)}`,
      detail:
        'The recorder had been restarted. The same session goes on; the hole is marked in its events. Nothing needs to be done.',
      dismissible: true,
    },
  ];
}
