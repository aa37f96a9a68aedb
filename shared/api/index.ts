import { annotationRoutes } from './annotations.ts';
import { archiveRoutes } from './archive.ts';
import { clockRoutes } from './clock.ts';
import { cockpitRoutes } from './cockpit.ts';
import { memoryRoutes } from './memory.ts';
import { profileRoutes } from './profile.ts';
import { recordingRoutes } from './recording.ts';
import { reportRoutes } from './report.ts';
import { sensorRoutes } from './sensor.ts';
import { serviceRoutes } from './service.ts';
import { sessionRoutes } from './sessions.ts';
import { streamRoutes } from './stream.ts';
import { surveyRoutes } from './survey.ts';
import { vehicleRoutes } from './vehicle.ts';

/** Every HTTP route of the service, by name. The one place that says what is served. */
export const api = {
  ...recordingRoutes,
  ...surveyRoutes,
  ...cockpitRoutes,
  ...sensorRoutes,
  ...streamRoutes,
  ...memoryRoutes,
  ...sessionRoutes,
  ...profileRoutes,
  ...annotationRoutes,
  ...archiveRoutes,
  ...reportRoutes,
  ...vehicleRoutes,
  ...clockRoutes,
  ...serviceRoutes,
};
export type Api = typeof api;
