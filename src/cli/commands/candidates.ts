import * as z from "zod";
import { printable } from "../screen/width.ts";

const worktreesSchema = z.object({
  candidates: z.array(z.object({ id: z.string(), name: z.string(), path: z.string() })),
});

/** The worktrees that an ambiguous reference may mean, one a line. Empty when the gateway did not say. */
export function describeWorktrees(details: unknown): string {
  const { data } = worktreesSchema.safeParse(details);
  return (data?.candidates ?? [])
    .map(({ id, name, path }) => `  ${id}  ${printable(name)}  ${printable(path)}`)
    .join("\n");
}

const detailsSchema = z.object({
  candidates: z.array(z.object({ id: z.string(), title: z.string(), agent: z.string(), state: z.string() })),
});

/** The sessions that an ambiguous reference may mean, one a line. Empty when the gateway did not say. */
export function describeCandidates(details: unknown): string {
  const parsed = detailsSchema.safeParse(details);
  if (!parsed.success) return "";
  return parsed.data.candidates
    .map(({ id, title, agent, state }) => `  ${id}  ${agent}  ${state}  ${printable(title)}`)
    .join("\n");
}
