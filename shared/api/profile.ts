import { z } from 'zod';
import { sessionId } from '../session.ts';
import { route } from './route.ts';

const depthM = z.number().meta({ description: 'Metres below the surface, positive down' });

/** One number per depth bin in each array, shallowest first; bins without a reading are left out. */
export const depthBins = z.object({
  depth_m: z.array(depthM).meta({ description: 'Mean depth of the readings of each bin, metres' }),
  count: z.array(z.int().min(1)).meta({ description: 'Readings in each bin' }),
  mean_ln: z.array(z.number()).meta({
    description: 'Mean of ln E of each bin; E is the reading less the dark offset, in its unit',
  }),
  min: z.array(z.number()).meta({ description: 'Smallest E of each bin' }),
  max: z.array(z.number()).meta({ description: 'Largest E of each bin' }),
  mean: z.array(z.number()).meta({ description: 'Mean E of each bin' }),
});
export type DepthBins = z.infer<typeof depthBins>;

export const depthRange = z.object({
  from_m: depthM.meta({ description: 'Shallowest mean depth of a bin, metres' }),
  to_m: depthM.meta({ description: 'Deepest mean depth of a bin, metres' }),
});
export type DepthRange = z.infer<typeof depthRange>;

export const attenuation = z.object({
  kd_per_m: z.number().meta({ description: 'Kd(PAR) per metre; negative: brighter with depth' }),
  kd_se_per_m: z.number().min(0).meta({ description: 'Its standard error, per metre' }),
  r2: z.number().min(0).max(1).meta({ description: 'Share of the variance of ln E explained' }),
  bins: z.int().min(0).meta({ description: 'Points of the regression: depth bins' }),
  readings: z.int().min(0).meta({ description: 'Readings in them' }),
  e0: z.number().meta({ description: 'E just below the surface, in the unit of the sensor' }),
  one_percent_depth_m: z
    .number()
    .nullable()
    .meta({ description: 'Metres where 1 % of it is left, 4.605/Kd; null unless Kd is above 0' }),
});
export type Attenuation = z.infer<typeof attenuation>;

/** The line through the bins of a depth range, or why there is none. */
export const fit = z.object({
  range: depthRange.nullable().meta({ description: 'Bins that take part; null: there are none' }),
  attenuation: attenuation.nullable().meta({ description: 'null where no line can be drawn' }),
  problem: z.string().nullable().meta({ description: 'Why there is no line, in words; else null' }),
});
export type Fit = z.infer<typeof fit>;

/** The vehicle on its way in one direction. */
export const cast = z.object({
  direction: z.enum(['down', 'up']).meta({ description: 'Which way the vehicle moved' }),
  begin_elapsed_s: z
    .number()
    .meta({ description: 'When it turned into this direction: seconds since the session began' }),
  end_elapsed_s: z.number().meta({ description: 'When it turned back, in the same seconds' }),
  bins: depthBins.meta({ description: 'Bins of 0.25 m' }),
  fit: fit.meta({ description: 'Over the default range' }),
});
export type Cast = z.infer<typeof cast>;

export const leftOut = z.object({
  without_depth: z.int().min(0).meta({ description: 'The depth at that moment is not known' }),
  not_moving: z
    .int()
    .min(0)
    .meta({ description: 'The vehicle kept its depth, or was where it had been on this cast' }),
  not_above_dark: z
    .int()
    .min(0)
    .meta({ description: 'Of those on a cast: nothing is left above the dark offset' }),
  damaged_lines: z.int().min(0).meta({ description: 'Lines of the files that can not be read' }),
});
export type LeftOut = z.infer<typeof leftOut>;

export const profileMarker = z.object({
  elapsed_s: z.number().meta({ description: 'Seconds since the session began' }),
  text: z.string().meta({ description: 'What the pilot said' }),
  depth_m: depthM.nullable().meta({ description: 'Metres; null: not known at that moment' }),
});
export type ProfileMarker = z.infer<typeof profileMarker>;

export const profile = z.object({
  session_id: sessionId,
  dark_offset: z.number().meta({ description: 'Subtracted from every reading, in its unit' }),
  total_rows: z.int().min(0).meta({ description: 'Readings looked at (finalized chunks)' }),
  problem: z
    .string()
    .nullable()
    .meta({ description: 'Why there is no profile, in words; null where there is one' }),
  casts: z.array(cast).meta({ description: 'Descents and ascents, in order of time' }),
  left_out: leftOut.meta({ description: 'Readings that are in no bin, by reason' }),
  markers: z.array(profileMarker).meta({ description: 'Markers of the pilot, oldest first' }),
});
export type Profile = z.infer<typeof profile>;

export const profileRoutes = {
  sessionProfile: route({
    method: 'get',
    path: '/sessions/{session_id}/profile',
    tag: 'Sessions',
    summary: 'Light against depth: descents and ascents in depth bins, each with Kd(PAR)',
    description:
      'Depth comes from vehicle.jsonl, interpolated between its rows and never beyond them. ' +
      'The method is in docs/light-profile.md.',
    params: z.object({ session_id: sessionId }),
    query: z.object({
      dark_offset: z.coerce
        .number()
        .default(0)
        .meta({ description: 'Reading of the sensor in the dark, in its unit' }),
    }),
    reply: profile,
    errors: ['session_not_found', 'forbidden_path', 'storage_unavailable'],
  }),
};
