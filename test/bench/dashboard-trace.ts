import * as z from "zod";

/** What Chromium is told to write down: what its threads do for which frame, and when it draws. */
export const traceCategories = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "devtools.timeline.frame",
];

const eventSchema = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  ts: z.number(),
  /** Microseconds that went by, and those that the thread itself was at work. */
  dur: z.number().optional(),
  tdur: z.number().optional(),
  args: z
    .looseObject({
      data: z.looseObject({ frame: z.string().optional(), url: z.string().optional() }).optional(),
      beginData: z.looseObject({ frame: z.string().optional() }).optional(),
    })
    .optional(),
});
/** All else is what Chromium tells of itself: a hundred times as much. */
const namesOfWork = new Set(
  "AnimationFrame EventDispatch FireAnimationFrame FunctionCall HandlePostMessage Layout RunMicrotasks TimerFire UpdateLayoutTree".split(
    " ",
  ),
);

type TraceEvent = z.infer<typeof eventSchema>;

/**
 * Milliseconds that one page of the trace worked for each frame that it worked for at all: scripts, style and layout.
 * What is painted is not told apart: frames of one process are painted together.
 * @param scriptName by which the page's own script is known, whichever frame it runs in
 */
export function workPerFrameMs(trace: string, scriptName: string): number[] {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: { name: string }[] };
  const events = traceEvents.filter(({ name }) => namesOfWork.has(name)).map((event) => eventSchema.parse(event));
  const script = events.find(({ args }) => args?.data?.url?.includes(scriptName));
  if (!script) return [];
  const frame = script.args?.data?.frame;
  const ofThread = events.filter(({ pid, tid }) => pid === script.pid && tid === script.tid);
  const frameEnds = ofThread.filter(({ name, ph }) => name === "AnimationFrame" && ph === "f").map(({ ts }) => ts);
  const work = outermost(ofThread.filter((event) => event.ph === "X" && frameOf(event) === frame));
  const perFrame = new Map<number, number>();
  for (const { ts, dur = 0, tdur = dur } of work) {
    const end = frameEnds.find((each) => each >= ts) ?? Infinity;
    perFrame.set(end, (perFrame.get(end) ?? 0) + tdur / 1_000);
  }
  return [...perFrame.values()];
}

function frameOf({ args }: TraceEvent): string | undefined {
  return args?.data?.frame ?? args?.beginData?.frame;
}

/** Without those that are part of another one. */
function outermost(events: readonly TraceEvent[]): TraceEvent[] {
  let until = -Infinity;
  return events
    .toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
    .filter(({ ts, dur = 0 }) => {
      if (ts < until) return false;
      until = ts + dur;
      return true;
    });
}
