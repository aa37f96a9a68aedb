import { z } from 'zod';
import { deployment } from './archive/deployment.ts';
import { isoTime } from './session.ts';

/** File of a session that holds what people said of it afterwards; it only grows. */
export const ANNOTATIONS_FILE = 'annotations.jsonl';

interface Kind {
  value: z.ZodType<z.core.util.JSONType>;
  /** A session can have several of them, told apart by `key`; else the newest one counts. */
  many: boolean;
  description: string;
}

/** What can be said of a session once it was recorded, or while it is. */
export const ANNOTATION_KINDS = {
  note: {
    value: z.strictObject({
      text: z.string().trim().min(1).max(4000).meta({ description: 'Words about the session' }),
    }),
    many: false,
    description: 'A remark on the session',
  },
  deployment: {
    value: deployment,
    many: false,
    description: 'Who, where and how, as archives ask for it',
  },
} as const satisfies Record<string, Kind>;

export type AnnotationKind = keyof typeof ANNOTATION_KINDS;
export type AnnotationValue<K extends AnnotationKind> = z.output<
  (typeof ANNOTATION_KINDS)[K]['value']
>;

/** Several of a kind are told apart by this. */
const key = z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, dots and dashes, up to 64');
const author = z.string().trim().min(1).max(200).nullable();
const reason = z.string().trim().min(1).max(1000).nullable();

/** A line of annotations.jsonl. */
export const annotation = z.object({
  timestamp: isoTime.meta({ description: 'When it was said, UTC' }),
  kind: z.string().meta({ description: 'What it is about, as a stable name' }),
  key: z.string().meta({
    description: 'A later line of the same kind and key takes the place of this one',
  }),
  value: z.json().meta({ description: 'What was said, by its kind; null: it was taken back' }),
  author: author.meta({ description: 'Who said it; null: not told' }),
  reason: reason.meta({ description: 'Why; null: not told' }),
});
export type Annotation = z.infer<typeof annotation>;

/** What a client sends: one shape for each kind. */
export const annotationRequest = z.union(
  (Object.entries(ANNOTATION_KINDS) as [AnnotationKind, Kind][]).map(([kind, { value, many }]) =>
    z.strictObject({
      kind: z.literal(kind).meta({ description: ANNOTATION_KINDS[kind].description }),
      ...(many ? { key: key.optional().meta({ description: 'Left out: a new one' }) } : {}),
      value: value.nullable().meta({ description: 'null: takes back what was said' }),
      author: author.default(null).meta({ description: 'Who says it' }),
      reason: reason.default(null).meta({ description: 'Why it is said' }),
    }),
  ),
);
export interface AnnotationRequest {
  kind: AnnotationKind;
  key?: string | undefined;
  value: Annotation['value'];
  author: string | null;
  reason: string | null;
}

/** The newest line of each kind and key, in the order in which they were first said. */
export function standing(history: readonly Annotation[]): Annotation[] {
  const newest = new Map(history.map((line) => [`${line.kind} ${line.key}`, line]));
  return [...newest.values()].filter(({ value }) => value !== null);
}

/** What stands of one kind, as this version reads it. */
export function annotationsOf<K extends AnnotationKind>(
  history: readonly Annotation[],
  kind: K,
): (Annotation & { value: AnnotationValue<K> })[] {
  const schema: z.ZodType = ANNOTATION_KINDS[kind].value;
  return standing(history).flatMap((line) => {
    const value = line.kind === kind ? schema.safeParse(line.value) : null;
    return value?.success ? [{ ...line, value: value.data as AnnotationValue<K> }] : [];
  });
}

/** The one that stands of a kind of which there is one at most. */
export function annotationOf<K extends AnnotationKind>(history: readonly Annotation[], kind: K) {
  return annotationsOf(history, kind).at(-1) ?? null;
}
