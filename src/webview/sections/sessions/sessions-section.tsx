import { useMemo, useState } from "preact/hooks";
import * as z from "zod";
import { runCommand } from "../../host.ts";
import { useModel } from "../../live-state.ts";
import { useNow } from "../../now.ts";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Section } from "../../parts/section.tsx";
import { useSaved } from "../../saved-state.ts";
import { Axis } from "./axis.tsx";
import { EndedSessions } from "./ended-sessions.tsx";
import { Legend } from "./legend.tsx";
import { moveWithArrows } from "./move-with-arrows.ts";
import { oldestLive, sameLists, sessionLists } from "./session-lists.ts";
import { SessionRow } from "./session-row.tsx";
import { spanSince, type TimelineSpan, timelineSpanIds, timelineSpans } from "./time-axis.ts";
import { drawnWindow, type Timeline } from "./timeline.ts";
import { useTimelines } from "./use-timelines.ts";

/** Null until the person chooses one. */
const spanSchema = z.enum(timelineSpanIds).nullable();

/** Every session that is not put away, with what it was over the chosen time. */
export function SessionsSection({ search }: { readonly search: string }) {
  const [chosenSpan, setSpan] = useSaved("sessions.span", spanSchema, null);
  const now = useNow();
  const begunAt = useModel(oldestLive);
  const { live, ended, total } = useModel((model) => sessionLists(model, search), sameLists);
  const found = live.length + ended.length;
  const span = chosenSpan ?? spanSince(begunAt ?? now, now);
  return (
    <Section
      id="sessions"
      title="Sessions"
      count={total === 0 ? "" : search.trim() === "" ? String(live.length) : `${found} of ${total}`}
      actions={
        <Choice
          label="How far back the timeline goes"
          choices={timelineSpanIds}
          nameOf={(id) => `Last ${timelineSpans[id].words}`}
          value={span}
          onChange={setSpan}
        />
      }
    >
      {total === 0 ? <NoSessions /> : null}
      {found === 0 ? null : <Rows live={live} ended={ended} search={search} span={span} now={now} />}
    </Section>
  );
}

function NoSessions() {
  return (
    <div class="empty sessions-none">
      <span>No session yet. A session is one agent at work in one of your projects.</span>
      <Button icon="add" onClick={() => runCommand("newSession")}>
        New Session
      </Button>
    </div>
  );
}

interface RowsProps {
  readonly live: readonly string[];
  readonly ended: readonly string[];
  readonly search: string;
  readonly span: TimelineSpan;
  readonly now: number;
}

const nothing: Timeline = [];

function Rows({ live, ended, search, span, now }: RowsProps) {
  const { ms } = timelineSpans[span];
  const timelines = useTimelines(ms);
  const { from, until } = drawnWindow(ms, now, timelines.bySession.values());
  const window = useMemo(() => ({ from, until }), [from, until]);
  const hasUsage = useModel(({ sessions }) =>
    [...live, ...ended].some((id) => (sessions.get(id)?.usage ?? null) !== null),
  );
  const [currentId, setCurrentId] = useState<string | null>(null);
  // Each list has a row of its own that Tab comes to: that of the other may not be drawn.
  const currentOf = (ids: readonly string[]) => (currentId !== null && ids.includes(currentId) ? currentId : ids[0]);
  const currentIds = [currentOf(live), currentOf(ended)];
  const rowOf = (id: string) => (
    <SessionRow
      key={id}
      sessionId={id}
      timeline={timelines.bySession.get(id) ?? nothing}
      window={window}
      now={now}
      isCurrent={currentIds.includes(id)}
      onFocus={setCurrentId}
    />
  );
  return (
    <div class={`sessions ${hasUsage ? "" : "without-usage"}`} onKeyDown={moveWithArrows}>
      {timelines.failure === null ? null : (
        <Failure text={`The timeline could not be read: ${timelines.failure}`} onTryAgain={timelines.retry} />
      )}
      <Axis window={window} span={span} />
      {live.length > 0 ? <ul class="session-list">{live.map(rowOf)}</ul> : null}
      {live.length === 0 && search.trim() === "" ? <p class="empty">Nothing runs.</p> : null}
      {ended.length === 0 ? null : <EndedSessions ids={ended} search={search} rowOf={rowOf} />}
      <Legend />
    </div>
  );
}
