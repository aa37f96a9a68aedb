/** No connection, no answer in time, or a server in trouble: it may be better later. */
export class VehicleLostError extends Error {
  override name = 'VehicleLostError';
}
