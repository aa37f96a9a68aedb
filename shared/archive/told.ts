import { type Deployment, deployment as schema } from './deployment.ts';
import { missingOfForm } from './missing.ts';
import { oneLine } from './prose.ts';

/** What people said of the dive, each with what it is; nothing of what they left out. */
export function toldOf(deployment: Deployment | null): [what: string, value: string][] {
  return (Object.entries(deployment ?? {}) as [keyof Deployment, Deployment[keyof Deployment]][])
    .map(([key, value]): [keyof Deployment, string] => [key, textOf(value)])
    .filter(([, text]) => text !== '')
    .map(([key, text]) => [schema.shape[key].meta()?.description ?? key, text]);
}

function textOf(value: Deployment[keyof Deployment]): string {
  return oneLine(Array.isArray(value) ? value.join('; ') : String(value ?? ''));
}

/** What nobody has said, each in a sentence. */
export function untold(deployment: Deployment | null): string[] {
  if (deployment === null) return ['Nobody has said who recorded it, where, and how.'];
  return missingOfForm(deployment).map(({ detail }) => `Nobody has said: ${detail}`);
}
