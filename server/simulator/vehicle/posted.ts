/** A message that was posted to mavlink2rest, as it came. */
export interface Posted {
  header: { system_id: number; component_id: number; sequence: number };
  message: NamedValue | StatusText;
}

interface NamedValue {
  type: 'NAMED_VALUE_FLOAT';
  time_boot_ms: number;
  /** Ten characters, filled up with NUL. */
  name: string[];
  value: number;
}

interface StatusText {
  type: 'STATUSTEXT';
  severity: { type: string };
  /** Up to fifty characters. */
  text: string[];
  id: number;
  chunk_seq: number;
}

/** Name and value of those that are a NAMED_VALUE_FLOAT. */
export function namedValues(posted: readonly Posted[]): [name: string, value: number][] {
  return posted.flatMap(({ message }) =>
    message.type === 'NAMED_VALUE_FLOAT'
      ? [[message.name.join('').replaceAll('\0', ''), message.value]]
      : [],
  );
}

/** What was said, in its order. */
export function statusTexts(posted: readonly Posted[]): string[] {
  return posted.flatMap(({ message }) =>
    message.type === 'STATUSTEXT' ? [`${message.severity.type}: ${message.text.join('')}`] : [],
  );
}

const NAME_LENGTH = 10;
const TEXT_LENGTH = 50;
const SEVERITY = /^MAV_SEVERITY_(EMERGENCY|ALERT|CRITICAL|ERROR|WARNING|NOTICE|INFO|DEBUG)$/;

/** Whether it is exactly what one of both messages must be: mavlink2rest refuses anything else. */
export function isMessage(body: unknown): body is Posted {
  const { header, message } = (body ?? {}) as Partial<Posted>;
  const ids = [header?.system_id, header?.component_id, header?.sequence];
  if (!ids.every((id) => isWhole(id) && Number(id) <= 255)) return false;
  return isNamedValue(message) || isStatusText(message);
}

function isNamedValue(message: Partial<Posted['message']> | undefined): boolean {
  if (message?.type !== 'NAMED_VALUE_FLOAT') return false;
  const { name, value, time_boot_ms } = message as NamedValue;
  return (
    isLetters(name) &&
    name.length === NAME_LENGTH &&
    isWhole(time_boot_ms) &&
    Number.isFinite(value)
  );
}

function isStatusText(message: Partial<Posted['message']> | undefined): boolean {
  if (message?.type !== 'STATUSTEXT') return false;
  const { text, severity, id, chunk_seq } = message as StatusText;
  const isRead = isLetters(text) && text.length <= TEXT_LENGTH && SEVERITY.test(severity?.type);
  return isRead && isWhole(id) && isWhole(chunk_seq);
}

function isLetters(list: unknown): list is string[] {
  return Array.isArray(list) && list.every((one) => typeof one === 'string' && one.length === 1);
}

function isWhole(number: unknown): boolean {
  return Number.isInteger(number) && Number(number) >= 0;
}
