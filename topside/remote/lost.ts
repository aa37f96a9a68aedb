/** What is not there now may be later: it is tried again, and told of. */
export class LostError extends Error {
  override name = 'LostError';
  readonly what: 'vehicle' | 'object store';

  constructor(what: LostError['what'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.what = what;
  }
}

/** No connection, no answer in time, or a server in trouble. */
export class VehicleLostError extends LostError {
  override name = 'VehicleLostError';

  constructor(message: string, options?: ErrorOptions) {
    super('vehicle', message, options);
  }
}
