import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { activityWords } from "./activity-words.ts";
import { runCommand } from "./host.ts";
import { isKnown, useLive, useModel } from "./live-state.ts";
import { Button, IconButton } from "./parts/button.tsx";
import { Icon } from "./parts/icon.tsx";

interface ToolbarProps {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly onClear: () => void;
}

/** What is going on in one line, the search, and what is begun most. */
export function Toolbar({ input, search, onSearch, onClear }: ToolbarProps) {
  const counts = useModel(({ sessions }) => activityWords([...sessions.values()]));
  const hasCounts = useLive(isKnown);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isFind = (event.ctrlKey || event.metaKey) && event.key === "f";
      const isSlash = event.key === "/" && !isTyping(event.target);
      if (!isFind && !isSlash) return;
      event.preventDefault();
      input.current?.select();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <header class="toolbar">
      <h1 class="toolbar-title">
        Tally <span class="toolbar-counts">{hasCounts ? counts : ""}</span>
      </h1>
      <div class="search">
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          placeholder="Search sessions and tasks"
          aria-label="Search sessions and tasks"
          value={search}
          onInput={({ currentTarget }) => onSearch(currentTarget.value)}
          onKeyDown={({ key }) => {
            if (key === "Escape") onSearch("");
          }}
        />
        {search === "" ? null : (
          <IconButton id="clear-search" icon="close" label="Clear the search" onClick={onClear} />
        )}
      </div>
      <div class="toolbar-actions">
        <Button kind="primary" icon="add" onClick={() => runCommand("newSession")}>
          New Session
        </Button>
        <Button icon="checklist" onClick={() => runCommand("addTask")}>
          Add Task
        </Button>
      </div>
    </header>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
