import { runTitle } from "../../../presentation/run-words.ts";
import { nodeId } from "../../../presentation/tree-nodes.ts";
import type { Session, Task } from "../../../protocol/entities.ts";
import { oneLine } from "../../../protocol/visible.ts";
import { runCommand } from "../../host.ts";
import { Button } from "../../parts/button.tsx";
import { Line } from "./line.tsx";

const MAX_TITLE_LENGTH = 120;

interface OtherNeedsProps {
  readonly unknown: readonly Session[];
  readonly stuck: readonly Task[];
}

/** Who needs the person without having asked: sessions that nobody knows of what they do, and tasks that do not go on by themselves. */
export function OtherNeeds({ unknown, stuck }: OtherNeedsProps) {
  if (unknown.length + stuck.length === 0) return null;
  return (
    <ul class="needs">
      {unknown.map((session) => (
        <Line
          key={session.id}
          state="UNKNOWN"
          title={oneLine(session.title, MAX_TITLE_LENGTH)}
          text={session.reason.text}
        >
          {session.mode === "pty" ? (
            <Button onClick={() => runCommand("showTerminal", nodeId.session(session.id))}>Show Terminal</Button>
          ) : null}
        </Line>
      ))}
      {stuck.map((task) => (
        <Line
          key={task.id}
          state="WAITING_USER"
          title={runTitle(task)}
          text={`does not go on: ${task.run?.waitsFor?.text ?? ""}`}
        >
          <Button onClick={() => runCommand("retryTask", nodeId.run(task.id))}>Retry</Button>
          <Button onClick={() => runCommand("cancelTask", nodeId.run(task.id))}>Cancel</Button>
        </Line>
      ))}
    </ul>
  );
}
