import { isFileError } from '../local/folder-error.ts';
import { LinkInFolder } from '../local/local-session.ts';
import { VehicleLostError } from '../remote/lost.ts';
import { type RecorderClient, RefusedError } from '../remote/recorder-client.ts';

/** The target can take nothing more, of whatever session. */
const OF_ALL = ['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE'];

/**
 * What an error says of one file or one session, in words; null where it is about the vehicle, the
 * target or the program as a whole: then nothing else can go on either.
 */
export async function faultOf(error: unknown, vehicle: RecorderClient): Promise<string | null> {
  if (error instanceof RefusedError || error instanceof LinkInFolder) return error.message;
  if (isFileError(error)) return OF_ALL.includes(error.code ?? '') ? null : error.message;
  const isOfVehicle = error instanceof VehicleLostError;
  return isOfVehicle && (await vehicle.answers()) ? error.message : null;
}
