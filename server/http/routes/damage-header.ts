import type Koa from 'koa';
import type { Damage } from '../../../shared/damage.ts';

const HEADER = 'X-Damage';

/** Says in a header of an answer about a session what is known to be wrong with it. */
export function tellDamage(ctx: Koa.ParameterizedContext, damage: readonly Damage[]): void {
  if (damage.length > 0) ctx.set(HEADER, damage.map(inShort).join(', '));
}

function inShort({ kind, file }: Damage): string {
  return file === null ? kind : `${kind} ${file}`;
}
