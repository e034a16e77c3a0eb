import { type StateIcon, stateIcons } from "./state-icons.ts";
import type { EndedNode, GroupKey, GroupNode, Need } from "./tree-nodes.ts";
import { countWords } from "./wording.ts";

const needWords: Record<Need, readonly [name: string, icon: StateIcon]> = {
  waiting: ["Waiting for you", stateIcons.WAITING_USER],
  failed: ["Failed", stateIcons.ERROR],
  unknown: ["Unknown", stateIcons.UNKNOWN],
  paused: ["Paused", stateIcons.PAUSED],
  idle: ["Idle", stateIcons.IDLE],
  // A group does not spin: what works in it does.
  running: ["Running", ["play-circle", "charts.blue"]],
  ended: ["Ended", stateIcons.DONE],
};

export function groupName(of: GroupKey): string {
  switch (of.by) {
    case "state":
      return needWords[of.need][0];
    case "agent":
      return of.agent;
    case "archived":
      return "Archived";
  }
}

export function groupIcon(of: GroupKey): StateIcon {
  switch (of.by) {
    case "state":
      return needWords[of.need][1];
    case "agent":
      return [of.agent === "command" ? "terminal" : "sparkle"];
    case "archived":
      return ["archive"];
  }
}

/** How many are in it; of an agent's also what they do. */
export function groupDescription({ of, counts, size }: GroupNode): string {
  return of.by === "agent" ? countWords(counts) : String(size);
}

/** What a screen reader says of its row. */
export function groupLabel(node: GroupNode): string {
  const description = groupDescription(node);
  const name = groupName(node.of);
  if (node.of.by === "agent") return `Agent ${name}${description === "" ? "" : `. ${description}`}`;
  return `${name}: ${description}`;
}

/** `12 · 2 failed`. */
export function endedDescription({ children, failed }: Pick<EndedNode, "children" | "failed">): string {
  return [String(children.length), ...(failed > 0 ? [`${failed} failed`] : [])].join(" · ");
}

/** What failed is to be found at a glance. */
export function endedIcon({ failed }: EndedNode): StateIcon {
  return failed > 0 ? stateIcons.ERROR : ["history"];
}
