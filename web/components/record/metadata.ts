import type { UserMetadata } from '../../../shared/session.ts';

/** One line of the metadata form. */
export interface MetadataEntry {
  key: string;
  value: string;
}

/** `12.5` and `true` become number and boolean; everything else is kept as the text it is. */
function typed(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text.trim() !== '' && String(number) === text.trim() ? number : text;
}

/** Lines without a key are left out. */
export function entriesToMetadata(entries: readonly MetadataEntry[]): UserMetadata {
  const named = entries.filter((entry) => entry.key.trim() !== '');
  return Object.fromEntries(named.map((entry) => [entry.key.trim(), typed(entry.value)]));
}
