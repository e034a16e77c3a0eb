import * as z from "zod";
import { isResumable } from "../../../presentation/continuation-words.ts";
import { clockTime } from "../../../presentation/limit-times.ts";
import { runTitle } from "../../../presentation/run-words.ts";
import { nodeId } from "../../../presentation/tree-nodes.ts";
import type { Task } from "../../../protocol/entities.ts";
import type { Model } from "../../../protocol/model.ts";
import { oneLine } from "../../../protocol/visible.ts";
import { runCommand } from "../../host.ts";
import { useModel } from "../../live-state.ts";
import { useNow } from "../../now.ts";
import { Button, IconButton } from "../../parts/button.tsx";
import { useSaved } from "../../saved-state.ts";
import { isSessionFound } from "../sessions/session-place.ts";
import { useFoundTasks } from "../tasks/use-found-tasks.ts";
import { Line } from "./line.tsx";
import { type Failure, failureKey, failures, isLate, sameFailures } from "./needs-you.ts";

const MAX_TITLE_LENGTH = 120;
/** More at once is nothing that can be looked at one by one. */
const SHOWN = 5;
const none: readonly string[] = [];
const noFailures: readonly Failure[] = [];

/** What failed lately, until the person has seen it. */
export function FailedLately({ search }: { readonly search: string }) {
  const failed = useModel(failures, sameFailures);
  const isTaskFound = useFoundTasks(search);
  const isSearching = search.trim() !== "";
  const hits = useModel((model) => (isSearching ? foundIn(model, search, isTaskFound) : noFailures), sameFailures);
  const now = useNow();
  const [dismissed, setDismissed] = useSaved("dismissed", z.array(z.string()).readonly(), none);
  const late = failed.filter((failure) => !isLate(failure, now));
  const shown = (isSearching ? hits : failed).filter(
    (failure) => !isLate(failure, now) && !dismissed.includes(failureKey(failure)),
  );
  if (shown.length === 0) return null;
  const lateKeys = late.map(failureKey);
  const dismiss = (gone: readonly Failure[]) =>
    setDismissed([...dismissed.filter((key) => lateKeys.includes(key)), ...gone.map(failureKey)]);
  return (
    <>
      <div class="needs-head">
        <h3>Failed lately</h3>
        {shown.length > 1 ? <Button onClick={() => dismiss(shown)}>Dismiss All</Button> : null}
      </div>
      <ul class="needs">
        {shown.slice(0, SHOWN).map((failure) => (
          <Failed key={failureKey(failure)} failure={failure} now={now} onDismiss={() => dismiss([failure])} />
        ))}
      </ul>
      {shown.length > SHOWN ? <p class="empty">And {shown.length - SHOWN} before these.</p> : null}
    </>
  );
}

function foundIn(model: Model, search: string, isTaskFound: (task: Task) => boolean): readonly Failure[] {
  return failures(model).filter((failure) =>
    "session" in failure ? isSessionFound(model, failure.session, search) : isTaskFound(failure.task),
  );
}

interface FailedProps {
  readonly failure: Failure;
  readonly now: number;
  readonly onDismiss: () => void;
}

function Failed({ failure, now, onDismiss }: FailedProps) {
  const when = clockTime(failure.at, now);
  if ("session" in failure) {
    const { session } = failure;
    const id = nodeId.session(session.id);
    return (
      <Line state="ERROR" title={oneLine(session.title, MAX_TITLE_LENGTH)} text={`${when}: ${session.reason.text}`}>
        {isResumable(session) ? <Button onClick={() => runCommand("resumeSession", id)}>Resume</Button> : null}
        {session.mode === "pty" ? <Button onClick={() => runCommand("showTerminal", id)}>Show</Button> : null}
        <IconButton icon="close" label={`Dismiss ${session.title}`} onClick={onDismiss} />
      </Line>
    );
  }
  const { task } = failure;
  // Not its row: a task of a session that is archived, or of none, has none.
  const { id } = task;
  return (
    <Line state="ERROR" title={runTitle(task)} text={`${when}: ${task.error ?? task.details ?? "nobody knows why."}`}>
      <Button onClick={() => runCommand("retryTask", id)}>Retry</Button>
      <Button onClick={() => runCommand("showTaskOutput", id)}>Show</Button>
      <IconButton icon="close" label={`Dismiss ${runTitle(task)}`} onClick={onDismiss} />
    </Line>
  );
}
