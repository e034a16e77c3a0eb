import { resolve } from "node:path";
import type { AccountRequest, LaunchAccount } from "../adapter.ts";
import { readArguments } from "./arguments.ts";
import { geminiFolder, readSettings, type Settings, settingsPlaces } from "./settings.ts";

type Environment = Readonly<Record<string, string>>;

/** What says where requests go, and for which project of Google's. */
export const endpointVariables = [
  "GOOGLE_GEMINI_BASE_URL",
  "GOOGLE_VERTEX_BASE_URL",
  "CODE_ASSIST_ENDPOINT",
  "GOOGLE_GENAI_USE_GCA",
  "GOOGLE_GENAI_USE_VERTEXAI",
  "GOOGLE_CLOUD_PROJECT",
  "GOOGLE_CLOUD_LOCATION",
  "GEMINI_MODEL",
] as const;

/** How Gemini CLI proves itself. `login`: with what is in its config home. */
type Auth = "login" | "key" | "vertex";

/** Which account a launch of Gemini CLI is on. What it reads from `.env` files is not looked at. */
export function geminiAccount(request: AccountRequest): LaunchAccount {
  const { args, env } = request;
  const { model, usesModel } = readArguments(args, true);
  const settings = settingsOf(request);
  const auth = authOf(settings, env);
  const configHome = resolve(geminiFolder(env));
  const endpoint = endpointOf(auth, env);
  const credential = credentialOf(auth, env);
  return {
    configHome,
    endpoint,
    credential,
    isDefault: configHome === geminiFolder({ ...env, GEMINI_CLI_HOME: "" }) && endpoint === null && credential === null,
    model: model ?? (env["GEMINI_MODEL"] || text(strongest(settings, "model")?.["name"])),
    usesModel,
  };
}

/** From the weakest to the strongest. */
function settingsOf({ env, cwd, readText }: AccountRequest): Settings[] {
  const { defaults, user, project, system } = settingsPlaces(env, cwd);
  return [defaults, user, project, system].map((path) => readSettings(readText(path) ?? "{}") ?? {});
}

function strongest(settings: readonly Settings[], section: "model" | "security"): Record<string, unknown> | undefined {
  return settings.findLast((each) => each[section] !== undefined)?.[section];
}

/** What is chosen in the settings counts before what the environment offers. */
function authOf(settings: readonly Settings[], env: Environment): Auth {
  const { auth } = strongest(settings, "security") ?? {};
  const chosen = isRecord(auth) ? text(auth["selectedType"]) : null;
  switch (chosen) {
    case "gemini-api-key":
    case "gateway":
      return "key";
    case "vertex-ai":
      return "vertex";
    case null:
      if (env["GOOGLE_GENAI_USE_GCA"] === "true") return "login";
      if (env["GOOGLE_GENAI_USE_VERTEXAI"] === "true") return "vertex";
      return env["GEMINI_API_KEY"] ? "key" : "login";
    default:
      return "login";
  }
}

function endpointOf(auth: Auth, env: Environment): string | null {
  const names: Record<Auth, readonly string[]> = {
    login: ["CODE_ASSIST_ENDPOINT", "GOOGLE_CLOUD_PROJECT"],
    key: ["GOOGLE_GEMINI_BASE_URL"],
    vertex: ["GOOGLE_VERTEX_BASE_URL", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION"],
  };
  return names[auth].flatMap((name) => env[name] || []).join(" ") || null;
}

function credentialOf(auth: Auth, env: Environment): string | null {
  switch (auth) {
    case "login":
      return null;
    case "key":
      return env["GEMINI_API_KEY"] || null;
    case "vertex":
      return env["GOOGLE_API_KEY"] || env["GOOGLE_APPLICATION_CREDENTIALS"] || null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
