import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { parseJson } from "../../../protocol/json.ts";
import type { AccountRequest, LaunchAccount } from "../adapter.ts";
import { type Invocation, readArguments } from "./arguments.ts";
import { configHome } from "./places.ts";
import { type Provider, providers } from "./providers.ts";
import { effectiveEnvironment, effectiveText, type PersonsSettings, readPersonsSettings } from "./settings.ts";
import { LOCAL_SETTINGS_OF_MAIN_SINCE } from "./versions.ts";

const ANTHROPIC_URL = "https://api.anthropic.com";

type Identity = Pick<LaunchAccount, "configHome" | "endpoint" | "credential">;

/** What a launch of Claude Code would be charged to. */
export function account(request: AccountRequest): LaunchAccount {
  const launch = readLaunch(request);
  const { env, settings, invocation } = launch;
  const identity = identityOf(launch);
  const named = invocation.model ?? (env["ANTHROPIC_MODEL"] || effectiveText(settings, "model"));
  return {
    ...identity,
    isDefault: isDeepStrictEqual(identity, identityOf(readLaunch(withNothingSet(request)))),
    model: named === "default" ? null : named,
    usesModel: invocation.asksModel,
  };
}

interface Launch {
  readonly request: AccountRequest;
  readonly invocation: Invocation;
  readonly settings: PersonsSettings;
  /** That of the request, with what settings put over it. */
  readonly env: Readonly<Record<string, string>>;
}

function readLaunch(request: AccountRequest): Launch {
  const { args, env, cwd, readText } = request;
  const invocation = readArguments(args);
  const places = {
    configHome: configHome(env),
    cwd,
    sources: invocation.settingSources,
    // Its version is not known yet: the newest reads the most.
    version: LOCAL_SETTINGS_OF_MAIN_SINCE,
  };
  const read = (given: string | null) => readPersonsSettings({ ...places, given }, readText);
  const settings = read(invocation.settings?.value ?? null) ??
    read(null) ?? { managed: null, given: null, files: [], perhaps: null };
  return { request, invocation, settings, env: { ...env, ...effectiveEnvironment(settings) } };
}

function withNothingSet({ env, readText }: AccountRequest): AccountRequest {
  const { HOME, USERPROFILE } = env;
  const home = { ...(HOME === undefined ? {} : { HOME }), ...(USERPROFILE === undefined ? {} : { USERPROFILE }) };
  return { args: [], env: home, cwd: HOME ?? USERPROFILE ?? "/", readText };
}

function identityOf(launch: Launch): Identity {
  const { request, env } = launch;
  const home = resolve(request.cwd, configHome(request.env));
  const provider = providers.find(({ switchedOnBy }) => isOn(env[switchedOnBy]));
  if (provider) return { configHome: home, ...onProvider(provider, env) };
  const url = env["ANTHROPIC_BASE_URL"]?.replace(/\/+$/, "") || null;
  return { configHome: home, endpoint: url === ANTHROPIC_URL ? null : url, credential: credential(launch) };
}

function isOn(value: string | undefined): boolean {
  return /^(?:1|true|yes|on)$/i.test(value ?? "");
}

function onProvider({ name, urlVariable, placeVariables, credentialVariables }: Provider, env: Launch["env"]) {
  const first = (variables: readonly string[]) => variables.map((variable) => env[variable]).find(Boolean) ?? null;
  const place = placeVariables.flatMap((variables) => first(variables) ?? []);
  return { endpoint: env[urlVariable] || [name, ...place].join(" "), credential: first(credentialVariables) };
}

/** The strongest of what is set; null for the login that the config home holds. */
function credential({ request, invocation, settings, env }: Launch): string | null {
  const key = env["ANTHROPIC_API_KEY"] || null;
  return (
    env["ANTHROPIC_AUTH_TOKEN"] ||
    (key !== null && (invocation.isPrint || !isRefused(key, request)) ? key : null) ||
    effectiveText(settings, "apiKeyHelper") ||
    env["CLAUDE_CODE_OAUTH_TOKEN"] ||
    null
  );
}

const stateSchema = z.looseObject({ customApiKeyResponses: z.looseObject({ rejected: z.array(z.string()) }) });

/** Whether the person has told Claude Code not to use this key of the environment. It keeps the end of such a key. */
function isRefused(key: string, { env, readText }: AccountRequest): boolean {
  const folder = env["CLAUDE_CONFIG_DIR"] || env["HOME"] || env["USERPROFILE"] || "/";
  const state = stateSchema.safeParse(parseJson(readText(join(folder, ".claude.json")) ?? ""));
  return state.data?.customApiKeyResponses.rejected.includes(key.slice(-20)) ?? false;
}
