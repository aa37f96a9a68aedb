import type { z } from 'zod';

/** What is wrong with a value, for whoever wrote the client; undefined: zod's own words. */
export function issueInWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return `there is no field ${issue.keys.join(', ')}`;
  if (issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (Number.isNaN(issue.input)) return 'must be a number';
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected}`;
  if (typeof issue.input === 'string') return lengthInWords(issue);
  return typeof issue.input === 'number' ? limitInWords(issue) : undefined;
}

function limitInWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code !== 'too_small') return undefined;
  return `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
}

function lengthInWords(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'too_big' ? `must have at most ${issue.maximum} characters` : undefined;
}
