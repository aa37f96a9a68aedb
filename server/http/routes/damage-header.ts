import type Koa from 'koa';
import type { Damage } from '../../../shared/damage.ts';
import type { Services } from '../../control/services.ts';

const HEADER = 'X-Damage';

/** Says in a header of an answer about a session what is known to be wrong with it. */
export function damageTeller(catalogue: Services['catalogue']) {
  return async (
    ctx: Koa.ParameterizedContext,
    { session_id }: { session_id: string },
  ): Promise<void> => {
    const damage = await catalogue.damage(session_id);
    if (damage.length > 0) ctx.set(HEADER, damage.map(inShort).join(', '));
  };
}

function inShort({ kind, file }: Damage): string {
  return file === null ? kind : `${kind} ${file}`;
}
