import type { Project, Session, Task } from "../../protocol/entities.ts";
import type { RouteBody } from "../../protocol/routes.ts";

export interface HeadlessSessionOrder {
  /** Left out: the persona's; else the one that is set for worktrees; else the first that is installed. */
  readonly agent?: string | undefined;
  readonly persona?: string | undefined;
  readonly args?: readonly string[];
  readonly cwd: string;
  /** Whole; left out: the gateway's own. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly origin: RouteBody<"createSession">["origin"];
  readonly title?: string | undefined;
  /** It stays when a task ends, until somebody ends it. */
  readonly isKeptOpen: boolean;
}

export interface CreatedHeadless {
  readonly session: Session;
  readonly project: Project;
  readonly task: Task;
}

/** Sessions without a terminal: IDLE until a task is run in them. */
export interface HeadlessSessionService {
  /** Starts nothing, so no pause holds it. @throws {TallyError} for a bad folder, agent, program or persona */
  create(order: HeadlessSessionOrder): Promise<CreatedHeadless>;
}
