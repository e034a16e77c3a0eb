/** How much of one quota window was used, as an agent told it. */
export interface QuotaSample {
  readonly at: number;
  readonly usedPercent: number;
  /** When that window resets; null where the agent does not say. */
  readonly resetsAt: number | null;
}

/** The pace is that of the last hour. */
const PACE_MS = 60 * 60_000;
/** Less than this says nothing of a pace. */
const MIN_SAMPLES = 3;
const MIN_SPAN_MS = 10 * 60_000;
/** Nobody goes on for longer at the pace of one hour. */
const HORIZON_MS = 12 * 60 * 60_000;
const MAX_SAMPLES = 60;
const SPACING_MS = PACE_MS / MAX_SAMPLES;
/** Agents that are told "in n seconds" make a slightly different time of it each time. */
const SAME_RESET_MS = 2 * 60_000;

/**
 * When the window is used up at the present pace: the slope of a least-squares line through the last hour, from the last sample on.
 * Null when there is too little to tell it from, when usage does not rise, and when the window resets before.
 */
export function forecastFullAt(samples: readonly QuotaSample[], now: number): number | null {
  const known = currentWindow(samples).filter(({ at }) => at <= now && at > now - PACE_MS);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || known.length < MIN_SAMPLES || last.at - first.at < MIN_SPAN_MS) return null;
  const pace = percentPerMs(known);
  if (pace <= 0 || last.usedPercent >= 100) return null;
  const full = Math.round(last.at + (100 - last.usedPercent) / pace);
  // Were it past already, the pace would not have held.
  if (full <= now || full - now > HORIZON_MS) return null;
  return last.resetsAt !== null && full >= last.resetsAt ? null : full;
}

/**
 * The samples to keep once one more is known: of the last hour, of the window that it tells of, at most one a minute and the newest.
 * The same array when the sample tells nothing new.
 */
export function keptSamples(samples: readonly QuotaSample[], sample: QuotaSample): readonly QuotaSample[] {
  const last = samples.at(-1);
  // Read again, as after a restart, or another session's that heard of it longer ago: a window that resets at a set time is never used less.
  if (last && (sample.at <= last.at || isStale(last, sample))) return samples;
  if (last && !isSameWindow(last, sample)) return [sample];
  const recent = samples.filter(({ at }) => at > sample.at - PACE_MS);
  const [beforeNewest, newest] = recent.slice(-2);
  if (beforeNewest && newest && newest.at - beforeNewest.at < SPACING_MS) recent.pop();
  return [...recent, sample].slice(-MAX_SAMPLES);
}

/** The samples of the window that the last of them tells of, rising. */
function currentWindow(samples: readonly QuotaSample[]): QuotaSample[] {
  let current: QuotaSample[] = [];
  for (const sample of samples) {
    const last = current.at(-1);
    if (last && isStale(last, sample)) continue;
    current = last && isSameWindow(last, sample) ? [...current, sample] : [sample];
  }
  return current;
}

function isStale(last: QuotaSample, sample: QuotaSample): boolean {
  return sample.usedPercent < last.usedPercent && last.resetsAt !== null && resetsTogether(last, sample);
}

function isSameWindow(last: QuotaSample, sample: QuotaSample): boolean {
  return sample.usedPercent >= last.usedPercent && resetsTogether(last, sample);
}

function resetsTogether(a: QuotaSample, b: QuotaSample): boolean {
  if (a.resetsAt === null || b.resetsAt === null) return a.resetsAt === b.resetsAt;
  return Math.abs(a.resetsAt - b.resetsAt) <= SAME_RESET_MS;
}

/** The slope of the least-squares line. */
function percentPerMs(samples: readonly QuotaSample[]): number {
  const mean = (of: (sample: QuotaSample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const meanAt = mean(({ at }) => at);
  const meanUsed = mean(({ usedPercent }) => usedPercent);
  const covariance = mean(({ at, usedPercent }) => (at - meanAt) * (usedPercent - meanUsed));
  return covariance / mean(({ at }) => (at - meanAt) ** 2);
}
