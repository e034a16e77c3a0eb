import type { AgentRequest } from "../protocol/requests.ts";
import { visible } from "../protocol/visible.ts";

/** What is wanted in a few words, without what the detail repeats: most titles are the tool and the beginning of its detail. */
export function requestHeading({ title, detail }: Pick<AgentRequest, "title" | "detail">): string {
  const [tool = "", ...subject] = title.split(": ");
  return visible(detail !== "" && detail.startsWith(subject.join(": ")) ? tool : title);
}
