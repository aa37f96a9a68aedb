import { z } from 'zod';

/** What of a session is not as it was recorded; for good, or until the disk gives it back. */
export const damage = z.object({
  kind: z.string().meta({
    description: 'What it is, as a stable name; new ones may come',
    examples: ['chunk_missing'],
  }),
  file: z
    .string()
    .nullable()
    .meta({
      description: 'Name of the file that it is about; null: of several, or of none',
      examples: ['chunk_00001.jsonl'],
    }),
  detail: z.string().meta({ description: 'What it is, in words' }),
});
export type Damage = z.infer<typeof damage>;

/** So many stand in lists and in metadata.json; events.jsonl has all. */
export const DAMAGE_LISTED = 20;

/** Of a session that is listed, but can't be read. */
export const SESSION_UNREADABLE = 'session_unreadable';

export const damageList = z
  .array(damage)
  .max(DAMAGE_LISTED)
  .meta({
    description: `What of the session is not as it was recorded, oldest first, at most ${DAMAGE_LISTED}; not there where all is whole`,
  });
