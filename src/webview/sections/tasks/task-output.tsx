import { useEffect, useState } from "preact/hooks";
import type { Task } from "../../../protocol/entities.ts";
import { messageOf } from "../../../protocol/message-of.ts";
import { isTaskEnded } from "../../../protocol/states.ts";
import type { OutputEntry } from "../../../protocol/tasks.ts";
import { visible } from "../../../protocol/visible.ts";
import { call } from "../../host.ts";
import { useLive } from "../../live-state.ts";
import { Failure } from "../../parts/failure.tsx";
import { Icon } from "../../parts/icon.tsx";
import { earlierEntries, type LatestOutput, noOutput, withEntries } from "./latest-output.ts";

/** What an agent does is read in a page a sentence at a time. */
const REFRESH_MS = 2_000;

const icons: Record<OutputEntry["kind"], string | null> = {
  text: null,
  tool: "circle-small-filled",
  error: "error",
  note: "info",
};

/** The latest of what the agent of a headless task did; of one that runs, as it goes on. */
export function TaskOutput({ task }: { readonly task: Task }) {
  const { output, isRead, failure, tryAgain } = useOutput(task);
  const earlier = earlierEntries(output);
  const isFailed = failure !== null;
  return (
    <div class="task-text">
      {isFailed ? <Failure text={`Its output could not be read: ${failure}`} onTryAgain={tryAgain} /> : null}
      {isTaskEnded(task.state) ? null : <h4>Output</h4>}
      {output.total === 0 && isRead && !isFailed ? (
        <p class="faint">{isTaskEnded(task.state) ? "There is none." : "Nothing yet."}</p>
      ) : null}
      {earlier === 0 ? null : <p class="faint">{earlier} earlier entries are in Show Task Output.</p>}
      {output.entries.length === 0 ? null : (
        <ol class="task-output" tabIndex={0} aria-label="Output">
          {output.entries.map(({ kind, text }, index) => (
            <li key={earlier + index} class={`output-${kind}`}>
              {icons[kind] === null ? null : <Icon name={icons[kind]} />}
              <span>{visible(text).trim()}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function useOutput({ id, state }: Task) {
  const [output, setOutput] = useState<LatestOutput | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const isConnected = useLive(({ connection }) => connection === "connected");
  const isEnded = isTaskEnded(state);
  useEffect(() => {
    if (!isConnected) return;
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (known: LatestOutput) => {
      let latest = known;
      try {
        const { entries } = await call("taskOutput", { param: id, query: { from: known.total } });
        latest = withEntries(known, entries);
        if (isWanted) setFailure(null);
      } catch (error) {
        if (isWanted) setFailure(messageOf(error));
        return;
      }
      if (!isWanted) return;
      setOutput(latest);
      if (!isEnded) timer = setTimeout(() => void read(latest), REFRESH_MS);
    };
    void read(noOutput);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [id, isEnded, attempt, isConnected]);
  return {
    output: output ?? noOutput,
    isRead: output !== null,
    failure,
    tryAgain: () => setAttempt((count) => count + 1),
  };
}
