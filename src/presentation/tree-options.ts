import * as z from "zod";

/** What the tree's rows stand below. */
export const groupingSchema = z.enum(["project", "state", "agent"]);
export type Grouping = z.infer<typeof groupingSchema>;

/** `waiting`: who needs the person most comes first. `recent`: what changed last does. */
export const sortingSchema = z.enum(["waiting", "recent"]);
export type Sorting = z.infer<typeof sortingSchema>;

/** How a window shows the tree; remembered with the window. */
export const treeOptionsSchema = z.object({
  filter: z.string().default("").describe("Words that a row must say to be shown; empty: all rows are."),
  grouping: groupingSchema.default("project"),
  sorting: sortingSchema.default("waiting"),
  showsArchived: z.boolean().default(false),
});
export type TreeOptions = z.infer<typeof treeOptionsSchema>;

export const defaultTreeOptions: TreeOptions = treeOptionsSchema.parse({});

/** What was remembered, as far as it can be read. */
export function readTreeOptions(remembered: unknown): TreeOptions {
  const read = treeOptionsSchema.safeParse(remembered ?? {});
  return read.success ? read.data : defaultTreeOptions;
}
