import type { MarkdownString } from "vscode";
import type { Session } from "../../src/protocol/entities.ts";
import type { SessionNode } from "../../src/presentation/tree-nodes.ts";
import { aProject } from "../support/entities.ts";

/** A row of its own for this session. */
export function sessionRow(id: string, session: Session): SessionNode {
  return {
    kind: "session",
    id,
    parent: null,
    children: [],
    session,
    project: aProject(),
    isPauseOver: false,
    place: null,
  };
}

/** A tooltip as a person reads it, without what keeps its words from being markup. */
export function plain({ value }: MarkdownString): string {
  return value.replaceAll("\\", "").replaceAll("&nbsp;", " ");
}
