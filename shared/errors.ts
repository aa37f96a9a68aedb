/** Every error code that a client can meet, with its HTTP status. The list is closed. */
export const ERROR_STATUS = {
  bad_request: 400,
  malformed_json: 400,
  reserved_metadata_key: 400,
  already_recording: 400,
  not_recording: 400,
  other_session: 400,
  session_active: 400,
  already_acquiring: 400,
  not_acquiring: 400,
  wrong_state: 400,
  busy: 400,
  other_port: 400,
  not_a_serial_port: 400,
  nothing_recorded: 400,
  unauthorized: 401,
  forbidden_path: 403,
  forbidden_origin: 403,
  forbidden_host: 403,
  route_not_found: 404,
  session_not_found: 404,
  file_not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  recording_elsewhere: 409,
  precondition_failed: 412,
  body_too_large: 413,
  unsupported_content_type: 415,
  range_not_satisfiable: 416,
  sensor_not_connected: 424,
  internal_error: 500,
  not_connected: 503,
  port_unavailable: 503,
  storage_unavailable: 503,
  sensor_no_answer: 504,
  sensor_refused: 504,
  disk_full: 507,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/**
 * An error meant for the client: `detail` is one sentence a person can act on.
 * Everything else that is thrown is unexpected and ends the process.
 */
export class ApiError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'ApiError';
    this.code = code;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}
