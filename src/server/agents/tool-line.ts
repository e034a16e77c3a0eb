import { firstLine } from "./first-line.ts";

/** Names of agents' own for what says most of a tool's input, from the most telling to the least. */
const subjects = ["command", "file_path", "filePath", "path", "pattern", "query", "url", "prompt"] as const;

/** Which tool an agent uses, and with what, in one line: "bash: touch x". */
export function toolLine(name: string, input: Readonly<Record<string, unknown>>): string {
  const told = [...subjects.map((key) => input[key]), ...Object.values(input)];
  const subject = told.find((value) => typeof value === "string" && value.trim() !== "");
  return typeof subject === "string" ? `${name}: ${firstLine(subject)}` : name;
}
