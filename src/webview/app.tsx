import { useRef } from "preact/hooks";
import * as z from "zod";
import { isKnown, useLive } from "./live-state.ts";
import { Notice } from "./notice.tsx";
import { SectionBoundary } from "./parts/section-boundary.tsx";
import { useSaved } from "./saved-state.ts";
import { SearchResult } from "./search-result.tsx";
import { LimitsSection } from "./sections/limits/limits-section.tsx";
import { SessionsSection } from "./sections/sessions/sessions-section.tsx";
import { StatsSection } from "./sections/stats/stats-section.tsx";
import { TasksSection } from "./sections/tasks/tasks-section.tsx";
import { WaitingSection } from "./sections/waiting/waiting-section.tsx";
import { Toolbar } from "./toolbar.tsx";

/** The whole page: what needs the person first, then what is going on, what will stop it, and what it came to. */
export function App() {
  const hasContent = useLive(isKnown);
  const [search, setSearch] = useSaved("search", z.string(), "");
  const input = useRef<HTMLInputElement>(null);
  // What clears it goes away with it, and would take the keyboard's focus along.
  const onClear = () => {
    setSearch("");
    input.current?.focus();
  };
  return (
    <>
      <Toolbar input={input} search={search} onSearch={setSearch} onClear={onClear} />
      <Notice />
      {hasContent ? <SearchResult search={search} onClear={onClear} /> : null}
      {hasContent ? (
        <main class="sections">
          <SectionBoundary id="waiting" title="Needs You">
            <WaitingSection search={search} />
          </SectionBoundary>
          <SectionBoundary id="sessions" title="Sessions">
            <SessionsSection search={search} />
          </SectionBoundary>
          <SectionBoundary id="limits" title="Limits">
            <LimitsSection />
          </SectionBoundary>
          <SectionBoundary id="tasks" title="Queue and Tasks">
            <TasksSection search={search} />
          </SectionBoundary>
          <SectionBoundary id="stats" title="Work Done">
            <StatsSection />
          </SectionBoundary>
        </main>
      ) : null}
    </>
  );
}
