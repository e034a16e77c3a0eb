import type { Session } from "../../protocol/entities.ts";
import { oneLine } from "../../protocol/visible.ts";

/** What a desktop shows: plain text, no markup. */
export interface DesktopNote {
  readonly title: string;
  readonly body: string;
}

const MAX_TITLE = 60;
const MAX_BODY = 160;

/** What the desktop says of those that wait; at least one does. */
export function noteOf(waiting: readonly Session[]): DesktopNote {
  const [first] = waiting;
  if (waiting.length === 1 && first) {
    return {
      title: `${oneLine(first.title, MAX_TITLE)} waits for you`,
      body: `${oneLine(first.agent, MAX_TITLE)}: ${oneLine(first.reason.text, MAX_BODY)}`,
    };
  }
  return {
    title: `${waiting.length} sessions wait for you`,
    body: oneLine(waiting.map(({ title }) => oneLine(title, MAX_TITLE)).join(", "), MAX_BODY),
  };
}
