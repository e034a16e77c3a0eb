import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tallyHome, type TallyHome } from "../../src/protocol/home.ts";
import { claudeHome, claudeVersions, trustedFolders } from "../../test/support/claude.ts";
import { clientOf } from "../../test/support/gateway.ts";
import type { Script } from "../../test/support/loopback-api/answers.ts";
import { startLoopbackApi } from "../../test/support/loopback-api/loopback-api.ts";
import { installAgents } from "../agents/install.ts";
import { makeThrowaway } from "../editor/throwaway.ts";
import { makeSampleProject } from "../sample.ts";
import type { Stage } from "./stage.ts";

const [version] = claudeVersions;
/** With these settings it asks before it runs anything. */
const asksFirst = { permissions: { defaultMode: "manual", disableAutoMode: "disable" } };

/** A project in which real Claude Code works, with a model on loopback that says what it is told to. */
export interface ClaudeAtWork extends Stage, AsyncDisposable {
  readonly home: TallyHome;
}

/** @param project the folder's name, as the picture shows it. */
export async function claudeAtWork(project: string, script: Script): Promise<ClaudeAtWork> {
  await installAgents();
  const throwaway = makeThrowaway();
  const api = await startLoopbackApi({ script });
  const person = await claudeHome(version, api.url, throwaway.root);
  const settings = join(person.env["HOME"] ?? "", ".claude");
  await mkdir(settings, { recursive: true });
  await writeFile(join(settings, "settings.json"), JSON.stringify(asksFirst));
  const [cwd = ""] = await trustedFolders(person, project);
  await makeSampleProject(cwd);
  const env = { ...person.env, TALLY_HOME: throwaway.tallyHome };
  const client = clientOf(env);
  return {
    client,
    cwd,
    env,
    home: tallyHome(env),
    async [Symbol.asyncDispose]() {
      client.dispose();
      await throwaway.remove();
      await api[Symbol.asyncDispose]();
    },
  };
}
