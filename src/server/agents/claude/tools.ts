import * as z from "zod";
import { firstLine } from "../first-line.ts";

type Input = Readonly<Record<string, unknown>>;

/** What of a tool's input says in a few words what it is about, and what is shown as it is, in this order. */
interface Shape {
  readonly subject: string;
  readonly whole: readonly string[];
}

const shapes: ReadonlyMap<string, Shape> = new Map([
  ["Bash", { subject: "command", whole: ["command"] }],
  ["PowerShell", { subject: "command", whole: ["command"] }],
  ["Write", { subject: "file_path", whole: ["file_path", "content"] }],
  ["Read", { subject: "file_path", whole: ["file_path"] }],
  ["Edit", { subject: "file_path", whole: ["file_path"] }],
  ["NotebookEdit", { subject: "notebook_path", whole: ["notebook_path", "new_source"] }],
  ["WebFetch", { subject: "url", whole: ["url"] }],
  ["WebSearch", { subject: "query", whole: ["query"] }],
  ["ExitPlanMode", { subject: "plan", whole: ["plan"] }],
]);

const editSchema = z.looseObject({ old_string: z.string(), new_string: z.string() });

/** "Bash: touch x" */
export function toolTitle(name: string, input: Input): string {
  if (name === "ExitPlanMode") return "Carry out its plan";
  const subject =
    input[shapes.get(name)?.subject ?? ""] ?? Object.values(input).find((value) => typeof value === "string");
  return typeof subject === "string" && subject.trim() !== "" ? `${name}: ${firstLine(subject)}` : name;
}

/** All of a tool's input, readable: what matters most as it is, a change as a diff, the rest by name. */
export function toolDetail(name: string, input: Input): string {
  const { whole = [] } = shapes.get(name) ?? {};
  const { data: edit } = name === "Edit" ? editSchema.safeParse(input) : {};
  const shown = edit ? [...whole, "old_string", "new_string"] : whole;
  const parts = whole.flatMap((key) => (input[key] === undefined ? [] : [asText(input[key])]));
  const rest = Object.entries(input).flatMap(([key, value]) =>
    shown.includes(key) ? [] : [`${key}: ${asText(value)}`],
  );
  return [...parts, ...(edit ? [diff(edit.old_string, edit.new_string)] : []), rest.join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function diff(before: string, after: string): string {
  const marked = (text: string, mark: string) => (text === "" ? [] : text.split("\n").map((line) => `${mark} ${line}`));
  return [...marked(before, "-"), ...marked(after, "+")].join("\n");
}
