import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";
import type { AccountRequest, LaunchAccount } from "../adapter.ts";
import { parseJsonc } from "../jsonc.ts";
import { modelOf } from "./arguments.ts";

type Environment = Readonly<Record<string, string>>;

/** What moves its login and its settings to another place. */
export const placeVariables = [
  "XDG_DATA_HOME",
  "XDG_CONFIG_HOME",
  "XDG_STATE_HOME",
  "OPENCODE_CONFIG",
  "OPENCODE_CONFIG_DIR",
] as const;

/**
 * Which account a launch of opencode is on: its login knows one for each provider, and the model says which of them is used. Where a model is
 * picked in the terminal, nobody can tell.
 */
export function opencodeAccount(request: AccountRequest): LaunchAccount {
  const { env } = request;
  const { model: given, usesModel } = modelOf(request.args);
  const usual = usualModel(request);
  const provider = providerOf(given ?? usual);
  const configHome = loginFolder(env);
  const places = [env["OPENCODE_CONFIG"], env["OPENCODE_CONFIG_DIR"]].flatMap((path) => path || []);
  const others = provider !== null && provider !== providerOf(usual) ? [provider] : [];
  const endpoint = [...others, ...places].join(" ") || null;
  const credential = credentialOf(provider, env);
  const isUsualPlace = configHome === loginFolder({ ...env, XDG_DATA_HOME: "" });
  return {
    configHome,
    endpoint,
    credential,
    isDefault: isUsualPlace && endpoint === null && credential === null,
    model: given ?? usual,
    usesModel,
  };
}

function loginFolder(env: Environment): string {
  return resolve(env["XDG_DATA_HOME"] || join(homeOf(env), ".local", "share"), "opencode");
}

function homeOf(env: Environment): string {
  return env["HOME"] || env["USERPROFILE"] || homedir();
}

const configSchema = z.looseObject({ model: z.string().min(1) });

/** From the strongest settings to the weakest. */
function usualModel({ env, cwd, readText }: AccountRequest): string | null {
  const user = join(env["XDG_CONFIG_HOME"] || join(homeOf(env), ".config"), "opencode");
  const folders = [cwd, ...(env["OPENCODE_CONFIG_DIR"] ? [env["OPENCODE_CONFIG_DIR"]] : [])];
  const named = (folder: string) => ["opencode.jsonc", "opencode.json"].map((name) => join(folder, name));
  const files = [
    ...folders.flatMap(named),
    ...(env["OPENCODE_CONFIG"] ? [env["OPENCODE_CONFIG"]] : []),
    ...named(user),
    join(user, "config.json"),
  ];
  for (const text of [env["OPENCODE_CONFIG_CONTENT"] ?? null, ...files.map(readText)]) {
    const config = text === null ? undefined : configSchema.safeParse(parseJsonc(text)).data;
    if (config) return config.model;
  }
  return null;
}

/** `provider/model` */
function providerOf(model: string | null): string | null {
  return model === null ? null : (model.split("/", 1)[0] ?? null);
}

/** Its login from a variable, or else the key of the provider by the usual name of such a variable. */
function credentialOf(provider: string | null, env: Environment): string | null {
  const usualName = provider === null ? undefined : `${provider.toUpperCase().replaceAll("-", "_")}_API_KEY`;
  const own = [env["OPENCODE_AUTH_CONTENT"], env["OPENCODE_API_KEY"]].find(Boolean);
  return own ?? ((usualName !== undefined && env[usualName]) || null);
}
