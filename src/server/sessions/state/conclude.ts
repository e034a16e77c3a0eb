import type { Reason } from "../../../protocol/entities.ts";
import type { SessionState } from "../../../protocol/states.ts";
import type { Activity, SignalSource } from "../../agents/reading.ts";
import { reasonOf } from "../session-state.ts";
import { type Evidence, LIMIT_AFTERGLOW_MS, type OpenRequest, type Word } from "./evidence.ts";

/** What is known beside the evidence. */
export interface Circumstances {
  /** "Claude Code", for sentences. */
  readonly agentLabel: string;
  /** Sources that this launch should hear from. */
  readonly expects: readonly SignalSource[];
  /** When the process was seen to run. */
  readonly runningSince: number;
  readonly now: number;
}

export interface Conclusion {
  readonly state: SessionState;
  readonly reason: Reason;
  /** What the state follows from; null when no source said anything of use. */
  readonly source: SignalSource | null;
  readonly activity: Activity | null;
  readonly request: OpenRequest | null;
  /** When this conclusion may change without a further signal, milliseconds since the epoch. */
  readonly recheckAt: number | null;
}

/** An agent's own reports, made for programs to read. */
const reportSources: readonly SignalSource[] = ["hook", "event-stream", "state-file", "transcript", "program-status"];
/** What it shows in its terminal, made for people. */
const shownSources: readonly SignalSource[] = ["title", "progress", "notification", "shell-prompt"];

/**
 * From the best sources to the weakest. Within a tier the newest counts, for no source tells everything: no hook tells of an
 * interrupted turn, no title of a background job. A source that the launch counts on is as good as a report: some
 * agents' titles are all that they tell of their state.
 */
function tiersOf(expects: readonly SignalSource[]): readonly (readonly SignalSource[])[] {
  const counted = shownSources.filter((source) => expects.includes(source));
  const others = shownSources.filter((source) => !expects.includes(source));
  return [[...reportSources, ...counted], others, ["screen"]];
}

/** An agent that should speak has this long before its silence means that we do not know. */
export const SPEAKS_WITHIN_MS = 15_000;
/** A weaker source that says something newer and stays with it for so long has outlived the stronger one. */
export const OUTLIVED_AFTER_MS = 5_000;
/** Signals of one moment reach us within this time of each other. */
const SAME_MOMENT_MS = 2_000;

const stateOf: Record<Activity, SessionState> = {
  working: "RUNNING",
  waiting: "WAITING_USER",
  idle: "IDLE",
  interrupted: "IDLE",
  failed: "ERROR",
  limited: "PAUSED",
};

/** How specific an end of turn is: the state file's "idle" beside a hook's "failed" does not take it back. */
const endRank: Partial<Record<Activity, number>> = { idle: 0, interrupted: 1, failed: 2, limited: 3 };

interface Deciding {
  readonly source: SignalSource;
  readonly word: Word;
}

/** What a live session is doing, and why we think so. */
export function conclude(evidence: Evidence, circumstances: Circumstances): Conclusion {
  const limitDialog = limitDialogOf(evidence);
  const request = evidence.requests[0] ?? null;
  const deciding = decidingWord(withoutLimitDialog(evidence), circumstances);
  const silence = silentSources(evidence, circumstances);
  const caveat = outlivedCaveat(deciding, evidence, circumstances) ?? silence.caveat;
  const recheckAt = earliest([
    silence.recheckAt,
    outlivesAt(evidence, circumstances),
    unknownAt(evidence, circumstances),
  ]);
  const conclusion = { recheckAt, request };

  if (limitDialog) {
    const { source, word } = limitDialog;
    const reason = reasonOf({ text: word.text, source, signal: word.signal, at: word.at, caveat });
    return { recheckAt, request: null, state: "PAUSED", reason, source, activity: "limited" };
  }
  if (request) {
    const { text, signal, at } = ofRequest(request);
    const reason = reasonOf({ text, source: request.source, signal, at, caveat });
    return { ...conclusion, state: "WAITING_USER", reason, source: request.source, activity: "waiting" };
  }
  if (!deciding && evidence.answeredAt !== null) {
    const reason = reasonOf({ text: "You answered it.", source: "person", at: evidence.answeredAt, caveat });
    return { ...conclusion, state: "RUNNING", reason, source: null, activity: "working" };
  }
  if (!deciding) return { ...conclusion, ...withoutWords(circumstances), source: null, activity: null };

  const { source, word } = deciding;
  const worksOn = evidence.background.length > 0 && (word.activity === "idle" || word.activity === "interrupted");
  const activity = worksOn ? "working" : word.activity;
  const text = worksOn ? backgroundText(evidence.background) : word.text;
  const reason = reasonOf({ text, source, signal: word.signal, at: word.at, caveat });
  return { ...conclusion, state: stateOf[activity], reason, source, activity };
}

/** The word that counts: of the strongest tier that speaks, unless a weaker one has outlived it. */
function decidingWord(evidence: Evidence, { expects, now }: Circumstances): Deciding | null {
  let deciding: Deciding | null = null;
  for (const tier of tiersOf(expects)) {
    const best = bestOf(tier, evidence);
    if (!best) continue;
    if (deciding === null) deciding = best;
    else if (hasOutlived(best.word, deciding.word) && now - best.word.since >= OUTLIVED_AFTER_MS) deciding = best;
  }
  return deciding;
}

/** The newest word of a tier; of an ended turn, the most specific word on how it ended. */
function bestOf(tier: readonly SignalSource[], evidence: Evidence): Deciding | null {
  const words = tier.flatMap((source) => {
    const word = evidence.words[source];
    const isAnswered = word?.activity === "waiting" && word.at <= (evidence.answeredAt ?? -Infinity);
    return word && !isAnswered ? [{ source, word }] : [];
  });
  const newest = words.reduce<Deciding | null>(
    (best, each) => (!best || each.word.at > best.word.at ? each : best),
    null,
  );
  if (!newest || endRank[newest.word.activity] === undefined) return newest;
  const turnAt = Math.max(...words.map(({ word }) => (isEnd(word) ? (word.turnAt ?? -Infinity) : word.at)));
  return words
    .filter(({ word }) => isEnd(word) && word.at >= turnAt)
    .reduce(
      (best, each) => ((endRank[each.word.activity] ?? 0) > (endRank[best.word.activity] ?? 0) ? each : best),
      newest,
    );
}

/** A request that its source told of together with a limit: what to do about it, which nobody but the person may say. */
function limitDialogOf({ requests, words }: Evidence): Deciding | null {
  for (const { source, at } of requests) {
    const word = words[source];
    if (word?.activity === "limited" && word.since <= at && at <= word.at) return { source, word };
  }
  return null;
}

/**
 * An agent that a limit has stopped may ask what to do about it: that dialog is the limit once more, and nothing to be answered. So in a
 * turn that a limit has ended nothing waits or works, whichever was seen first.
 */
function withoutLimitDialog(evidence: Evidence): Evidence {
  const words = Object.values(evidence.words);
  const limitedAt = Math.max(...words.map(({ activity, at }) => (activity === "limited" ? at : -Infinity)));
  if (limitedAt === -Infinity) return evidence;
  const turnAt = Math.max(
    ...words.map(({ activity, at, turnAt }) => (activity === "working" ? at : (turnAt ?? -Infinity))),
  );
  if (turnAt > limitedAt + LIMIT_AFTERGLOW_MS) return evidence;
  const others = Object.entries(evidence.words).filter(
    ([, { activity }]) => activity !== "waiting" && activity !== "working",
  );
  return { ...evidence, words: Object.fromEntries(others) };
}

function isEnd(word: Word): boolean {
  return endRank[word.activity] !== undefined;
}

/** Whether the weaker word says something else than the stronger one did, and clearly later. */
function hasOutlived(weaker: Word, stronger: Word): boolean {
  return stateOf[weaker.activity] !== stateOf[stronger.activity] && weaker.since > stronger.at + SAME_MOMENT_MS;
}

function outlivesAt(evidence: Evidence, { expects, now }: Circumstances): number | null {
  const [reports, ...weaker] = tiersOf(expects).map((tier) => bestOf(tier, evidence));
  if (!reports) return null;
  const pending = weaker.flatMap((each) =>
    each && hasOutlived(each.word, reports.word) ? [each.word.since + OUTLIVED_AFTER_MS] : [],
  );
  return earliest(pending.filter((at) => at > now));
}

function outlivedCaveat(deciding: Deciding | null, evidence: Evidence, circumstances: Circumstances): string | null {
  const { agentLabel, expects, now } = circumstances;
  const [best = []] = tiersOf(expects);
  const reports = bestOf(best, evidence);
  if (!deciding || !reports || best.includes(deciding.source)) return null;
  return `${agentLabel} has not reported for ${duration(now - reports.word.at)}; this is what its terminal shows.`;
}

/** Sources that should have told of a turn which others have seen to begin. */
function silentSources(evidence: Evidence, { agentLabel, expects, now }: Circumstances) {
  let recheckAt: number | null = null;
  for (const source of expects) {
    const heardAt = evidence.heard[source] ?? -Infinity;
    for (const [other, word] of Object.entries(evidence.words)) {
      if (other === source || word.turnAt === null || heardAt >= word.turnAt - OUTLIVED_AFTER_MS) continue;
      const missedAt = word.turnAt + OUTLIVED_AFTER_MS;
      if (now >= missedAt) return { caveat: `${agentLabel}'s ${sourceWords[source]} are silent.`, recheckAt };
      recheckAt = earliest([recheckAt, missedAt]);
    }
  }
  return { caveat: null, recheckAt };
}

const sourceWords: Record<SignalSource, string> = {
  hook: "hooks",
  "event-stream": "events",
  "state-file": "state file's updates",
  transcript: "transcript's lines",
  "program-status": "status reports",
  title: "titles",
  progress: "progress reports",
  notification: "notifications",
  "shell-prompt": "shell prompts",
  screen: "screens",
};

function unknownAt(evidence: Evidence, { expects, runningSince, now }: Circumstances): number | null {
  const at = runningSince + SPEAKS_WITHIN_MS;
  return expects.length > 0 && Object.keys(evidence.words).length === 0 && now < at ? at : null;
}

/** The state of a process of which nothing else is known. */
function withoutWords({ agentLabel, expects, runningSince, now }: Circumstances): {
  state: SessionState;
  reason: Reason;
} {
  const reason = { source: "process", signal: null, at: runningSince, isUnknown: false, caveat: null } as const;
  if (expects.length === 0) return { state: "RUNNING", reason: { ...reason, text: "Its process is running." } };
  if (now - runningSince < SPEAKS_WITHIN_MS) {
    return { state: "STARTING", reason: { ...reason, text: `${agentLabel} is starting.` } };
  }
  const text = `unknown, because ${agentLabel} has not told what it is doing. It may be showing a dialog.`;
  return { state: "RUNNING", reason: { ...reason, text, isUnknown: true } };
}

function ofRequest({ request, signal, at }: OpenRequest) {
  const text = request.kind === "question" ? `It asks: ${request.title}` : `It wants your permission: ${request.title}`;
  return { text, signal, at };
}

function backgroundText([first = "", ...others]: readonly string[]): string {
  return `It works in the background: ${first}${others.length > 0 ? ` and ${others.length} more` : ""}.`;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
