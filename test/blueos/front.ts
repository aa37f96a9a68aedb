import { type Behind, type BlueOsVersion, NOBODY, startProxyTo } from '../browser/proxy.ts';
import { startNginx } from './nginx.ts';

/**
 * BlueOS's address, `http://127.0.0.1:1234/`, with the services behind it: the stand-in with
 * nginx's rules, or in `npm run test:nginx` the real one.
 */
export async function startBlueOs(
  behind: Partial<Behind>,
  version: BlueOsVersion = '1.5',
): Promise<string> {
  const all = { extension: NOBODY, mavlink2rest: NOBODY, ...behind };
  if (process.env['QSENSOR_REAL_NGINX']) return startNginx(all, version);
  return (await startProxyTo(all, version)).url;
}
