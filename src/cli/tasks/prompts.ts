import { readFile } from "node:fs/promises";
import { isatty } from "node:tty";
import { messageOf } from "../../protocol/message-of.ts";
import { UsageError } from "../usage.ts";
import type { TaskWish } from "./task-options.ts";

/** What the tasks are, one prompt each. @throws {UsageError} where there is none */
export async function promptsOf({ prompt, file }: Pick<TaskWish, "prompt" | "file">): Promise<readonly string[]> {
  if (file !== null) return nonEmpty(splitPrompts(file === "-" ? await readStdin() : await readPromptFile(file)), file);
  return [prompt ?? (await promptFromStdin())];
}

/** A prompt a line; or, where a line says `---` and nothing else, what stands between such lines. */
export function splitPrompts(text: string): string[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const isFence = (line: string) => line.trimEnd() === "---";
  const parts = lines.some(isFence)
    ? lines
        .reduce<string[][]>(
          (blocks, line) => {
            if (isFence(line)) blocks.push([]);
            else blocks.at(-1)?.push(line);
            return blocks;
          },
          [[]],
        )
        .map((block) => block.join("\n"))
    : lines;
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function nonEmpty(prompts: readonly string[], file: string): readonly string[] {
  if (prompts.length > 0) return prompts;
  throw new UsageError(`There is no prompt in ${file === "-" ? "what was piped in" : file}.`);
}

async function promptFromStdin(): Promise<string> {
  const prompt = isatty(0) ? "" : (await readStdin()).trim();
  if (prompt !== "") return prompt;
  throw new UsageError("What is to be done? Say it in quotes, or pipe it in.");
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function readPromptFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`The file can not be read: ${messageOf(error)}`);
  }
}
