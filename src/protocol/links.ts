import * as z from "zod";
import { dashboardSectionSchema } from "./dashboard.ts";

/** The authority of Tally's links: `<publisher>.<name>` of the extension, which the editor hands them to. */
const AUTHORITY = "tally.tally";

/** Ids of sessions and worktrees are Tally's own; a task's may be a foreign tool's. */
const idSchema = z
  .string()
  .max(200)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._:@+-]*$/u);

const linkSchema = z.union([
  z.tuple([z.literal("session"), idSchema]).transform(([kind, id]) => ({ kind, id })),
  z.tuple([z.literal("worktree"), idSchema]).transform(([kind, id]) => ({ kind, id })),
  z.tuple([z.literal("task"), idSchema]).transform(([kind, id]) => ({ kind, id })),
  z.tuple([z.literal("dashboard")]).transform(([kind]) => ({ kind, section: null })),
  z.tuple([z.literal("dashboard"), dashboardSectionSchema]).transform(([kind, section]) => ({ kind, section })),
]);
/** What a link shows. It can ask for nothing else: nothing is started, answered or typed by one. */
export type Link = z.infer<typeof linkSchema>;

/** Reads the path of a link, decoded as the editor hands it over: `/session/<id>`. Null when it is none of ours. */
export function parseLink(path: string): Link | null {
  const [first, ...segments] = path.split("/");
  return first === "" ? (linkSchema.safeParse(segments).data ?? null) : null;
}

/**
 * A link that shows the session in an editor of this machine.
 * @param scheme the editor's own: `vscode`, `vscode-insiders`.
 */
export function sessionLink(scheme: string, id: string): string {
  return `${scheme}://${AUTHORITY}/session/${encodeURIComponent(id)}`;
}
