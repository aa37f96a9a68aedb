/** Where `--to s3://bucket/prefix` leads. */
export interface S3Address {
  bucket: string;
  /** Empty, or ends with a slash. */
  prefix: string;
}

/** null where the text is no such address. */
export function readS3Address(text: string): S3Address | null {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket === undefined) return null;
  return { bucket, prefix: prefix.replace(/\/*$/, prefix === '' ? '' : '/') };
}

/**
 * Where the files of a session lie in the store: DuckDB, Spark and Athena read the
 * `key=value` folders as columns. `startTime` in ISO 8601, UTC.
 */
export function sessionPrefix(
  { prefix }: S3Address,
  vehicle: string,
  startTime: string,
  session: string,
): string {
  return `${prefix}vehicle=${encodeURIComponent(vehicle)}/date=${startTime.slice(0, 10)}/session=${session}/`;
}
