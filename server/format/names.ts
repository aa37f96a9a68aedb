/** What a session's folder holds besides chunks and the vehicle's track. */
export const METADATA_NAME = 'metadata.json';
export const MANIFEST_NAME = 'manifest.jsonl';
export const EVENTS_NAME = 'events.jsonl';
